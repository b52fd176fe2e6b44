// Times that grow: "3 s ago".
import { all } from "./dom";
import { say, words } from "./words";

let timer = 0;

export function relativeTimes(): void {
  clearTimeout(timer);
  for (const time of all<HTMLTimeElement>("time[data-since]")) {
    const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time.dateTime)) / 1000));
    time.textContent = say(words.ago, { time: inWords(seconds) });
  }
  timer = setTimeout(relativeTimes, 5000);
}

function inWords(seconds: number): string {
  if (seconds < 120) return say(words.seconds, { n: seconds });
  if (seconds < 7200) return say(words.minutes, { n: Math.round(seconds / 60) });
  return say(words.hours, { n: Math.round(seconds / 3600) });
}
