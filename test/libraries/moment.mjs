// SPDX-License-Identifier: MIT
import moment from 'moment';

export default async check => {
  moment.suppressDeprecationWarnings = true;
  const start = moment.utc('2020-02-29T13:45:30.123Z');
  check('moment format', start.format('dddd, MMMM Do YYYY, h:mm:ss.SSS a Z [escaped] Q DDDD ww GGGG x'));
  for (const token of ['L', 'LL', 'LLL', 'LLLL', 'LT', 'LTS', 'l']) check(`moment ${token}`, start.format(token));
  check('moment added', [start.clone().add(1, 'year'), start.clone().add({ months: 1, days: 3 }), start.clone().subtract(25, 'hours'), start.clone().add(1.5, 'weeks')].map(value => value.toISOString()));
  check('moment ends', ['year', 'quarter', 'month', 'week', 'isoWeek', 'day', 'hour'].map(unit => [start.clone().startOf(unit).toISOString(), start.clone().endOf(unit).toISOString()]));
  const end = moment.utc('2024-07-04');
  check('moment difference', ['years', 'months', 'weeks', 'days', 'hours', 'seconds'].map(unit => end.diff(start, unit, unit === 'months')));
  check('moment parsed', [['12-25-1995', 'MM-DD-YYYY'], ['5 Feb 2021 3:04 pm', 'D MMM YYYY h:mm a'], ['2021-W05-3', 'GGGG-[W]WW-E'], ['31/12/99', 'DD/MM/YY'], ['1580000000', 'X'], ['Thursday, March 5', 'dddd, MMMM D']].slice(0, 5).map(([text, format]) => moment.utc(text, format, true).toISOString()));
  check('moment invalid', [moment.utc('2021-02-30').isValid(), moment.utc('x', 'YYYY').isValid(), moment.utc('2021-13-01', 'YYYY-MM-DD', true).invalidAt(), moment.utc(NaN).format()]);
  check('moment compared', [start.isBefore(end), start.isSame('2020-02-29', 'day'), start.isBetween('2020-01-01', '2020-12-31'), moment.max(start, end) === end, start.isLeapYear()]);
  check('moment relative', [start.from(end), end.from(start), start.to(start.clone().add(44, 'seconds')), start.from(end, true)]);
  check('moment calendar', [0, 1, -1, 3, -3, 30].map(days => start.clone().add(days, 'days').calendar(start)));
  const span = moment.duration({ years: 1, months: 2, days: 3, hours: 4, minutes: 5 });
  check('moment duration', [span.toISOString(), span.humanize(), span.asDays(), span.months(), moment.duration('P1Y2M10DT2H30M').asHours(), moment.duration(90, 'minutes').humanize(true), moment.duration('1.02:03:04.5').asSeconds()]);
  check('moment parts', [start.week(), start.isoWeek(), start.dayOfYear(), start.daysInMonth(), start.quarter(), start.weekday(), start.unix(), start.toArray(), start.toObject()]);
  check('moment offset', [moment.parseZone('2020-01-01T00:00:00+05:30').format(), start.clone().utcOffset(-480).format(), moment.utc('2020-01-01T00:00:00+02:00').format()]);
  check('moment locale', (() => { moment.defineLocale('x-test', { months: 'un_deux_trois_quatre_cinq_six_sept_huit_neuf_dix_onze_douze'.split('_'), monthsShort: 'u_d_t_q_c_s_se_h_n_di_o_do'.split('_'), ordinal: n => `${n}e` }); const text = start.clone().locale('x-test').format('Do MMMM MMM'); moment.locale('en'); return text; })());
  check('moment json', JSON.stringify({ start, span }));

  check.throwsName('moment invalid date', () => moment.utc(NaN).toDate().toISOString());
  await check.later('later', async () => moment.utc(await Promise.resolve(86400000)).format('YYYY-MM-DD'));
};
