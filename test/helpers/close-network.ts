/**
 * Closes the network for every test: what calls `fetch` may reach this machine only. A test that would talk to a real
 * service fails here, by name, instead of passing on a machine that is connected.
 */
import { Agent, type Dispatcher, setGlobalDispatcher } from 'undici';

const LOOPBACK = /^https?:\/\/(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/;

class LoopbackOnly extends Agent {
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const origin = String(options.origin);
    if (!LOOPBACK.test(origin)) throw new Error(`The network is closed in tests: ${origin}`);
    return super.dispatch(options, handler);
  }
}

setGlobalDispatcher(new LoopbackOnly());
