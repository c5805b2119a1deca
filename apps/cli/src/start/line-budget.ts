/** Lines of one child that a terminal takes within a period; the rest is in its log file. */
const linesPerPeriod = 20;
const periodMs = 10_000;

/**
 * Passes lines on as long as a person could read them. A flood, such as every refused client of an attack, is counted, and
 * the count is said with the next line that passes.
 */
export function lineBudget(say: (text: string) => void, now: () => number): (name: string, line: string) => void {
  let until = 0;
  let left = 0;
  let unsaid = 0;
  return (name, line) => {
    if (now() >= until) {
      until = now() + periodMs;
      left = linesPerPeriod;
    }
    if (left === 0) {
      unsaid++;
      return;
    }
    left--;
    if (unsaid > 0) say(`${name}: ${unsaid} more lines are in its log\n`);
    unsaid = 0;
    say(line);
  };
}
