/** The terminal chat with input that is no terminal: what scripts rely on. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { plain } from '../media/samples.ts';
import { endsAtOnce, launch, type Program, startProgram, type Test } from './program.ts';

/** Runs a whole script: its input, then the end of it (or what ends it, with more input to come), then the end of the program. */
async function run(t: Test, input: readonly string[]): Promise<Program> {
  const program = launch(t, { env: { LOG_LEVEL: 'info' } });
  for (const line of input) program.type(line);
  if (input.at(-1) !== '/quit') program.endInput();
  await program.ended;
  return program;
}

const withoutMarks = (lines: readonly string[]): string[] =>
  lines.map((line) =>
    line
      .replace(/#[A-Z0-9]{5}(?!\w)/g, '#ID')
      .replace(/http:\/\/127\.0\.0\.1:\d+\/wall#\w+/g, 'WALL')
      .replace(/Goes out \w{3}, .*$/, 'Goes out THEN'),
  );

describe('a script', () => {
  it.concurrent('gets replies, errors and outcomes as plain lines in order, and exit code 0 when all is told', async (t) => {
    const program = await run(t, [
      '/post to:x Hello',
      'no command',
      '/schedule to:tumblr when:"tomorrow 9:00" Later',
      '/post to:nowhere x',
    ]);
    expect(await program.ended).toMatchObject({ code: 0, signal: null });
    expect(program.output).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    expect(program.errors).toBe('');
    const lines = withoutMarks(program.lines);
    const [id] = /#([A-Z0-9]{5})/.exec(program.output) ?? [];
    expect(lines).toEqual([
      '#ID · on its way',
      '> Hello',
      'Goes out now',
      '[waiting] X (rehearsal)',
      'Nothing was posted: a command begins with a slash. To post these words now, type /post no command',
      '#ID · scheduled',
      '> Later',
      'Goes out THEN',
      '[waiting] Tumblr (rehearsal)',
      '1 Edit the words  2 Another time  3 Cancel',
      'Error: There is no account “nowhere”.',
      expect.stringMatching(/^Possible here: all, facebook, /),
      // The outcome is the last word, and it is said once.
      '#ID · published',
      '“Hello”',
      '[ok] X (rehearsal)  published WALL',
    ]);
    expect(program.lines.at(-3)).toBe(`${id} · published`);
  });

  it.concurrent('presses buttons by number and answers questions with the next line; /quit ends it with exit code 0', async (t) => {
    const long = 'w'.repeat(281);
    const program = await run(t, [
      `/post to:x,tumblr ${long}`,
      '1',
      '/schedule to:x when:"tomorrow 9:00" Once',
      '1',
      'Twice\\nlines',
      '/quit',
    ]);
    expect((await program.ended).code).toBe(0);
    expect(program.output).toContain('at most 280 weighted characters');
    expect(program.output).toContain(
      '1 Post to Tumblr (rehearsal)  2 Post as a thread  3 Edit the words  4 Cancel',
    );
    expect(
      program.lines.filter((line) => /\[ok\] Tumblr \(rehearsal\) {2}published http/.test(line)),
    ).toHaveLength(1);
    expect(program.output).not.toContain('[ok] X');
    expect(program.output).toContain('The next line is the answer (The new words).');
    expect(program.output).toMatch(/Changed\.\n> Twice\n> lines\n/);
  });
});

describe('files named in a script', () => {
  it.concurrent('are read from the working directory and published with their words; SIGINT ends it at once when nothing is in hand', async (t) => {
    const program = await startProgram(t);
    await plain(60, 40).jpeg().toFile(join(program.folder, 'shop window.jpg'));
    copyFileSync(
      fileURLToPath(new URL('../media/fixtures/clip.mp4', import.meta.url)),
      join(program.folder, 'clip.mp4'),
    );
    program.type('/post to:tumblr media:"shop window.jpg" alt:"Our shop window" New in');
    await program.sees(/published http/);
    const [entry] = await program.wall();
    expect(entry).toMatchObject({
      network: 'tumblr',
      text: 'New in',
      media: [{ kind: 'image', width: 60, height: 40, alt: 'Our shop window' }],
    });
    const picture = await fetch(`${program.web}${entry?.media[0]?.url}`);
    expect(picture.headers.get('content-type')).toMatch(/^image\//);
    expect((await picture.arrayBuffer()).byteLength).toBe(entry?.media[0]?.bytes);

    program.type('/post to:tumblr media:missing.jpg Words');
    await program.sees(/missing\.jpg does not exist[\s\S]*relative one starts in the folder/);
    expect(await program.wall()).toHaveLength(1);
    await endsAtOnce(program, 'SIGINT');
  });
});
