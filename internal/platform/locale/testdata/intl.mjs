// Writes intl.json: what ICU says, by the Intl of node, for the tests to
// compare with. Another implementation than ours, of the same CLDR 48.
// Run by hand: node intl.mjs > intl.json
const languages = ["fr", "en", "es", "pt", "it", "de", "ar"];
const locale = (l) => ({ en: "en-GB", ar: "ar-u-nu-latn" })[l] ?? l;
const days = ["2019-10-03", "2026-11-22", "2020-02-29", "1999-12-31", "2026-01-05", "2024-08-15", "2025-09-02"];
const months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"].map((m) => `2027-${m}-17`);
const ranges = [["2019-10-03", "2019-10-05"], ["2019-10-30", "2019-11-02"], ["2019-12-30", "2020-01-02"]];
const numbers = [0, 7, 42, 999, 1000, 1234, 9999, 10000, 12345, 123456, 1234567, 1000000, -5, -1234, -123456];
const lists = [["A", "B"], ["A", "B", "C"], ["A", "B", "C", "D"], ["Marie", "Ignacio"], ["uno", "otro"], ["A", "Hierro"], ["7", "8"]];
const units = ["minute", "hour", "day", "week", "month", "year"];
const tags = ["fr", "ar", "bm", "wo", "ti", "fa", "ps", "bn", "uk", "ht", "so", "ff", "ln", "ha", "ku", "zh-Hans", "ar-MA", "fr-ML", "pt-BR", "en-US", "tzm", "kab", "rom", "sr-Latn"];

const out = {};
const at = (d) => new Date(d + "T12:00:00Z");
for (const l of languages) {
  const date = (o) => new Intl.DateTimeFormat(locale(l), { timeZone: "UTC", ...o });
  const table = (keys, f) => Object.fromEntries(keys.map((k) => [k, f(k)]));
  const long = date({ dateStyle: "long" });
  const short = date({ year: "numeric", month: "short", day: "numeric" });
  const full = date({ dateStyle: "full" });
  const month = date({ year: "numeric", month: "long" });
  const relative = new Intl.RelativeTimeFormat(locale(l), { numeric: "always" });
  const language = new Intl.DisplayNames(locale(l), { type: "language" });
  const region = new Intl.DisplayNames(locale(l), { type: "region" });
  const plural = new Intl.PluralRules(l);
  const all = [...days, ...months];
  out[l] = {
    long: table(all, (d) => long.format(at(d))),
    short: table(all, (d) => short.format(at(d))),
    full: table(all, (d) => full.format(at(d))),
    month: table(all, (d) => month.format(at(d))),
    ranges: Object.fromEntries(ranges.map(([a, b]) => [`${a}/${b}`, date({ dateStyle: "long" }).formatRange(at(a), at(b))])),
    number: table(numbers, (n) => new Intl.NumberFormat(locale(l)).format(n)),
    decimal: table([0.5, 1234.5, 98765.432, -0.25], (n) => new Intl.NumberFormat(locale(l), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(n)),
    percent: table([0, 0.07, 0.5, 0.667, 1, 12.5], (n) => new Intl.NumberFormat(locale(l), { style: "percent" }).format(n)),
    relative: Object.fromEntries(units.flatMap((u) => [1, 2, 3, 11, 100].flatMap((n) => [[`${u} ${n}`, relative.format(n, u)], [`${u} -${n}`, relative.format(-n, u)]]))),
    and: lists.map((i) => [i, new Intl.ListFormat(locale(l), { type: "conjunction" }).format(i)]),
    or: lists.map((i) => [i, new Intl.ListFormat(locale(l), { type: "disjunction" }).format(i)]),
    language: table(tags, (t) => language.of(t)),
    country: table(["FR", "ML", "SN", "TN", "BR", "US", "CD", "GB", "XK", "HT", "TR"], (c) => region.of(c)),
    plural: table([0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 110, 111, 200, 1000, 1003, 1000000, 2000000, 1000001], (n) => plural.select(n)),
  };
}
console.log(JSON.stringify(out, null, 1));
