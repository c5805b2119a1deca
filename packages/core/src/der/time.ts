import { DerFault } from "./der-problem.ts";
import type { DerReader } from "./der-reader.ts";
import { tag } from "./tag.ts";

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** RFC 5280 §4.1.2.5: UTCTime `YYMMDDHHMMSSZ` or GeneralizedTime `YYYYMMDDHHMMSSZ`, nothing else. Unix seconds. */
export function readTime(reader: DerReader): number {
  const at = reader.position;
  const identifier = reader.next();
  if (identifier !== tag.utcTime && identifier !== tag.generalizedTime) {
    throw new DerFault("der-unexpected-tag", at, "UTCTime or GeneralizedTime");
  }
  const yearDigits = identifier === tag.utcTime ? 2 : 4;
  const { bytes, contentStart, contentEnd } = reader;
  if (contentEnd - contentStart !== yearDigits + 11 || bytes[contentEnd - 1] !== 0x5a) {
    throw new DerFault("der-bad-time", contentStart, "whole seconds ending in Z");
  }
  const number = (from: number, digits: number): number => decimal(bytes, contentStart + from, digits);
  const shortYear = number(0, yearDigits);
  const year = yearDigits === 4 ? shortYear : shortYear < 50 ? 2000 + shortYear : 1900 + shortYear;
  const month = number(yearDigits, 2);
  const day = number(yearDigits + 2, 2);
  const hour = number(yearDigits + 4, 2);
  const minute = number(yearDigits + 6, 2);
  const second = number(yearDigits + 8, 2);
  if (month < 1 || month > 12 || day < 1 || day > monthLength(year, month) || hour > 23 || minute > 59 || second > 59) {
    throw new DerFault("der-bad-time", contentStart, "a date and time that exist");
  }
  return daysFromEpoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
}

function decimal(bytes: Uint8Array, start: number, digits: number): number {
  let value = 0;
  for (let i = start; i < start + digits; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) throw new DerFault("der-bad-time", i, "a digit");
    value = value * 10 + digit;
  }
  return value;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function monthLength(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (daysInMonth[month - 1] as number);
}

function daysFromEpoch(year: number, month: number, day: number): number {
  const years = year - 1;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  const leapDayThisYear = month > 2 && isLeap(year) ? 1 : 0;
  // 719162 days lie between 0001-01-01 and 1970-01-01.
  return years * 365 + leapDays + (daysBeforeMonth[month - 1] as number) + leapDayThisYear + day - 1 - 719_162;
}
