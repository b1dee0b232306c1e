/** Sizes and lengths in words for people; used wherever a limit and what was found are told side by side. */

export const KILOBYTE = 1024;
export const MEGABYTE = 1024 * KILOBYTE;
export const GIGABYTE = 1024 * MEGABYTE;

/** "512 bytes", "4.9 MB"; 1 MB is 1,048,576 bytes, as the networks count. */
export function describeBytes(bytes: number): string {
  if (bytes < KILOBYTE) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  if (bytes < MEGABYTE) return `${rounded(bytes / KILOBYTE)} kB`;
  if (bytes < GIGABYTE) return `${rounded(bytes / MEGABYTE)} MB`;
  return `${rounded(bytes / GIGABYTE)} GB`;
}

/** "0.5 s", "2 min 20 s", "1 h 5 min", "7 days". */
export function describeDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${rounded(seconds)} s`;
  const whole = Math.round(seconds);
  const days = Math.floor(whole / 86_400);
  const hours = Math.floor((whole % 86_400) / 3600);
  const [minutes, rest] = [Math.floor((whole % 3600) / 60), whole % 60];
  const parts = [
    days > 0 ? `${days} ${days === 1 ? 'day' : 'days'}` : '',
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
    rest > 0 ? `${rest} s` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** "1280 × 720". */
export function describeSize(width: number, height: number): string {
  return `${width} × ${height}`;
}

/** The second numbers of the shapes that people know: 4:5, 16:9, 9:16. */
const FAMILIAR_HEIGHTS = [1, 2, 3, 4, 5, 9, 16];

/** A shape as people write it: "4:5", "16:9"; "1.91:1" where there is no pair of small numbers. */
export function describeShape(widthByHeight: number): string {
  for (const height of FAMILIAR_HEIGHTS) {
    const width = Math.round(widthByHeight * height);
    if (width >= 1 && width <= 21 && Math.abs(width / height / widthByHeight - 1) < 0.002)
      return `${width}:${height}`;
  }
  return widthByHeight >= 1 ? `${rounded(widthByHeight, 2)}:1` : `1:${rounded(1 / widthByHeight, 2)}`;
}

/** At most `digits` decimals, none where they would be zero. */
function rounded(value: number, digits = 1): string {
  return String(Number(value.toFixed(digits)));
}
