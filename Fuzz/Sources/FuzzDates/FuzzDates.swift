import FuzzDriver

@testable import TesseraCore
@testable import TesseraPostgres
@testable import TesseraServer
@testable import TesseraTime

/// Dates, durations and instants never trap, survive a round trip through text, and saturate at their limits.
///
/// The first sixteen bytes are two numbers; the rest is a text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDates(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: data, count: size)
    guard size >= 16 else { return 0 }
    let first = bytes.loadUnaligned(as: Int64.self)
    let second = bytes.loadUnaligned(fromByteOffset: 8, as: Int64.self)
    let text = String(decoding: bytes[16...], as: UTF8.self)
    checkInstants(first, second)
    checkDurations(first, second)
    checkCalendar(first, second)
    checkText(text, at: NumericDate(milliseconds: first))
    return 0
}

private func checkInstants(_ first: Int64, _ second: Int64) {
    let (instant, other) = (NumericDate(milliseconds: first), NumericDate(milliseconds: second))
    for duration in [Duration.milliseconds(second), .seconds(second), .microseconds(second)] {
        let (later, earlier) = (instant + duration, instant - duration)
        let isForwards = duration >= .zero
        precondition(
            isForwards ? later >= instant && earlier <= instant : later <= instant && earlier >= instant,
            "backwards")
    }
    precondition(instant + (other - instant) == other, "a wrong difference")
    precondition((other - instant < .zero) == (other < instant), "a difference with a wrong sign")
    precondition(NumericDate(seconds: instant.seconds) <= instant, "seconds are not rounded down")
    let seconds = NumericDate(seconds: first)
    precondition(
        seconds.seconds == first || seconds.milliseconds == .max || seconds.milliseconds == .min,
        "wrong seconds")

    let text = instant.rfc3339
    guard let read = NumericDate(rfc3339: text) else {
        preconditionFailure("a written instant cannot be read")
    }
    let range =
        NumericDate(rfc3339: "0000-01-01T00:00:00Z")!...NumericDate(rfc3339: "9999-12-31T23:59:59.999Z")!
    precondition(
        read == min(max(instant, range.lowerBound), range.upperBound), "a different instant is written")
    precondition(instant.httpDate.utf8.count == 29, "a date with a wrong length")
    let stored = PostgresInstant.read(PostgresInstant.write(instant))
    precondition(
        stored == instant || PostgresInstant.write(stored) == PostgresInstant.write(instant),
        "a different instant is stored")
    _ = PostgresInstant.read(first)

    let phrase = TimePhrase(instant, now: other)
    precondition(!phrase.text.isEmpty && !phrase.exact.isEmpty, "no phrase")
    precondition(!TimeSpan.phrase(from: instant, to: other).isEmpty, "no phrase")
    precondition(
        first.addingClamped(second) == Int64(clamping: Int128(first) + Int128(second)), "a wrong sum")
    precondition(
        first.subtractingClamped(second) == Int64(clamping: Int128(first) - Int128(second)),
        "a wrong difference")
}

private func checkDurations(_ first: Int64, _ second: Int64) {
    for duration in [
        Duration.seconds(first), .milliseconds(first), .nanoseconds(first),
        Duration(secondsComponent: first, attosecondsComponent: second % 1_000_000_000_000_000_000),
    ] {
        precondition(
            !DurationText.format(duration).isEmpty && !DurationText.words(duration).isEmpty, "no text")
        precondition(!Lifetime.words(for: duration).isEmpty, "no words")
        let wait = WaitPhrase(duration)
        precondition(wait.seconds >= 1 && !wait.sentence.isEmpty, "no wait")
        let whole = duration.wholeMilliseconds
        precondition(
            whole == .max || whole == .min || .milliseconds(whole) - duration < .milliseconds(1),
            "wrong milliseconds")
        precondition((duration.wholeMicroseconds < 0) == (duration <= .microseconds(-1)), "a wrong sign")
        precondition((duration.wholeNanoseconds > 0) == (duration >= .nanoseconds(1)), "a wrong sign")
    }
    _ = Int(clamping: Double(bitPattern: UInt64(bitPattern: first)))
}

private func checkCalendar(_ first: Int64, _ second: Int64) {
    let days = first % 4_000_000
    let date = CivilDate(daysSinceEpoch: days)
    precondition(date.daysSinceEpoch == days, "a day changes in a round trip")
    precondition((1...12).contains(date.month) && (1...31).contains(date.day), "not a day")
    if let date = CivilDate(year: first, month: second % 14, day: second / 14 % 34) {
        precondition(CivilDate(daysSinceEpoch: date.daysSinceEpoch) == date, "a date changes in a round trip")
        precondition(
            date.isLastOfMonth == (CivilDate(daysSinceEpoch: date.daysSinceEpoch + 1).day == 1),
            "a wrong end of the month"
        )
    }
}

private func checkText(_ text: String, at now: NumericDate) {
    if let instant = NumericDate(rfc3339: text) {
        precondition(
            NumericDate(rfc3339: instant.rfc3339) == instant, "an instant changes in a round trip")
        precondition(text.utf8.count >= 20, "too short for an instant")
    }
    if let day = NumericDate(date: text) {
        precondition(day.rfc3339.utf8.starts(with: text.utf8) && text.utf8.count == 10, "a different day")
        precondition(NumericDate(rfc3339: text + "T00:00:00Z") == day, "a day starts at a different time")
    }
    if let duration = DurationText.parse(text) {
        precondition(
            (.zero...Duration.seconds(99_999 * 86_400)).contains(duration), "an unbounded duration")
        precondition(
            DurationText.parse(DurationText.format(duration)) == duration,
            "a duration changes in a round trip")
        precondition(now + duration >= now, "time goes backwards")
    }
    for entry in [ExpirationEntry(choice: text, date: ""), ExpirationEntry(choice: "30d", date: text)] {
        _ = entry.expiry(at: now)
    }
}

// SwiftPM expects the entry point of an executable under this name, so libFuzzer's own `main` is never linked.
@_cdecl("FuzzDates_main")
public func fuzzDatesMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?)
    -> CInt
{
    runFuzzer(count, arguments, fuzzDates)
}
