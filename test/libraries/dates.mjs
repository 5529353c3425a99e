// SPDX-License-Identifier: MIT
import * as fns from 'date-fns';
import { de } from 'date-fns/locale/de';
import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc';
import duration from 'dayjs/plugin/duration';
import relativeTime from 'dayjs/plugin/relativeTime';
import customParseFormat from 'dayjs/plugin/customParseFormat';
import advancedFormat from 'dayjs/plugin/advancedFormat';
import weekOfYear from 'dayjs/plugin/weekOfYear';
import isoWeek from 'dayjs/plugin/isoWeek';
import quarterOfYear from 'dayjs/plugin/quarterOfYear';

[utc, duration, relativeTime, customParseFormat, advancedFormat, isoWeek, weekOfYear, quarterOfYear].forEach(plugin => dayjs.extend(plugin));
const iso = value => (Array.isArray(value) ? value.map(iso) : Number.isNaN(+value) ? 'invalid' : value.toISOString());

export default async check => {
  const leap = new Date('2020-02-29T13:45:30.123Z'), july = new Date('2024-07-04T00:00:00Z');
  check('format', fns.format(leap, "EEEE, do MMMM yyyy 'at' hh:mm:ss.SSS a xxx 'Q'Q II RRRR D t", { useAdditionalDayOfYearTokens: true }));
  check('formats', ['P', 'PP', 'PPP', 'PPPP', 'p', 'Pp', 'yyyy-MM-dd', "''", 'LLL', 'qqqq', 'BBBB', 'bbbb', 'G', 'i', 'cccc', 'T'].map(text => fns.format(leap, text)));
  check('locale', fns.format(leap, 'PPPPp', { locale: de }));
  check('added', iso([fns.addMonths(leap, 12), fns.addDays(leap, -60), fns.addBusinessDays(leap, 5), fns.subYears(leap, 4), fns.add(leap, { years: 1, weeks: 2, hours: -3 }), fns.addQuarters(leap, 3)]));
  check('ends', iso([fns.startOfWeek(leap, { weekStartsOn: 1 }), fns.endOfMonth(leap), fns.startOfQuarter(leap), fns.endOfDecade(leap), fns.lastDayOfYear(leap), fns.startOfISOWeekYear(leap), fns.nextFriday(leap), fns.previousMonday(leap)]));
  check('differences', ['Years', 'Quarters', 'Months', 'Weeks', 'Days', 'BusinessDays', 'Hours', 'CalendarDays', 'CalendarMonths'].map(unit => fns[`differenceIn${unit}`](july, leap)));
  check('distance', [fns.formatDistance(leap, july), fns.formatDistance(july, leap, { addSuffix: true }), fns.formatDistanceStrict(leap, july, { unit: 'day' }), fns.formatDistance(leap, july, { locale: de })]);
  check('relative', [0, 1, -1, 4, -4, 20].map(days => fns.formatRelative(fns.addDays(leap, days), leap)));
  check('durations', [fns.formatDuration({ years: 2, days: 9, hours: 0 }), fns.intervalToDuration({ start: leap, end: july }), fns.formatISODuration({ years: 1, hours: 5 }), fns.milliseconds({ days: 1 })]);
  check('parsed', iso([['02/11/2014', 'MM/dd/yyyy'], ['28-a de februaro', 'do'], ['2020-W09-6', "RRRR-'W'II-i"], ['5 Feb 2021 3:04 pm', 'd MMM yyyy h:mm a'], ['10:20:30', 'HH:mm:ss'], ['1580000000', 't'], ['2021-02-30', 'yyyy-MM-dd']].map(([text, format]) => fns.parse(text, format, new Date(0)))));
  check('parsed iso', iso(['2014-02-11T11:30:30', '+02014101', '2014-W05-3', '2020-060T10Z', '2020-01-01T00:00:00.5+05:30', 'nope'].map(text => fns.parseISO(text))));
  check('written', [fns.formatISO(leap), fns.formatRFC3339(leap), fns.formatRFC7231(leap), fns.formatISO9075(leap), fns.lightFormat(leap, 'yy.MM.dd')]);
  check('intervals', [iso(fns.eachDayOfInterval({ start: leap, end: fns.addDays(leap, 3) })), fns.eachWeekOfInterval({ start: leap, end: fns.addDays(leap, 20) }).length, fns.areIntervalsOverlapping({ start: leap, end: july }, { start: july, end: fns.addDays(july, 1) }), fns.isWithinInterval(leap, { start: leap, end: july })]);
  check('asked', [fns.isLeapYear(leap), fns.isWeekend(leap), fns.isBefore(leap, july), fns.isEqual(leap, new Date(+leap)), fns.isValid(new Date(NaN)), fns.isSameWeek(leap, fns.addDays(leap, 1)), fns.isMatch('2020', 'yyyy'), fns.isFirstDayOfMonth(july)]);
  check('parts', [fns.getDayOfYear(leap), fns.getISOWeek(leap), fns.getWeek(leap), fns.getQuarter(leap), fns.getDaysInMonth(leap), fns.getUnixTime(leap), fns.getWeekOfMonth(leap)]);
  check('set', iso([fns.set(leap, { year: 2021, month: 0, date: 31 }), fns.setISOWeek(leap, 1), fns.setDay(leap, 0), fns.roundToNearestMinutes(leap, { nearestTo: 15 })]));
  check('collections', [iso([fns.max([leap, july]), fns.min([leap, july]), fns.closestTo(new Date(0), [july, leap])]), iso([july, leap].sort(fns.compareAsc)), fns.clamp(new Date(0), { start: leap, end: july }).getTime()]);

  const day = dayjs.utc('2020-02-29T13:45:30.123Z');
  check('dayjs format', day.format('dddd, MMMM D YYYY h:mm:ss.SSS A Z [escaped] Q Do wo X k'));
  check('dayjs added', [day.add(1, 'year'), day.add(1, 'month'), day.subtract(25, 'hour'), day.add(dayjs.duration({ days: 1, hours: 2 })), day.startOf('isoWeek'), day.endOf('quarter'), day.set('date', 1), day.day(0)].map(value => value.toISOString()));
  check('dayjs difference', ['year', 'month', 'week', 'day', 'minute'].map(unit => dayjs.utc('2024-07-04').diff(day, unit, unit === 'month')));
  check('dayjs parsed', [dayjs.utc('12-25-1995', 'MM-DD-YYYY'), dayjs.utc('5 Feb 2021 3:04 pm', 'D MMM YYYY h:mm a'), dayjs.utc('x', 'YYYY', true), dayjs.utc('2018-4-3 1:2:3')].map(value => (value.isValid() ? value.toISOString() : 'invalid')));
  check('dayjs relative', [day.from(dayjs.utc('2024-07-04')), day.to(day.add(44, 'second')), day.from(day.add(3, 'hour'), true)]);
  check('dayjs duration', [dayjs.duration(100000).format('HH:mm:ss'), dayjs.duration('P1Y2M3DT4H').toISOString(), dayjs.duration(90, 'minutes').humanize(), dayjs.duration({ months: 14 }).asYears()]);
  check('dayjs asked', [day.isBefore('2021-01-01'), day.isSame('2020-02-01', 'month'), day.isValid(), day.isUTC(), day.quarter(), day.isoWeek(), day.daysInMonth(), day.utcOffset(120).format()]);
  check('dayjs json', JSON.stringify({ day }));
  check.throws('format error', () => fns.format(new Date(NaN), 'yyyy'));
  check.throws('format of days in the year', () => fns.format(leap, 'YYYY'));
  check.throws('unescaped letter', () => fns.format(leap, 'n'));
  check.throws('parse tokens', () => fns.parse('1', 'yyyy yyyy', new Date(0)));
  await check.later('later', async () => fns.format(await Promise.resolve(july), 'yyyy'));
};
