import FuzzDriver
import TesseraJSON

/// JSON never traps, the gate and the parser agree, values survive a round trip, and number conversions agree.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let value: JSONValue
    do throws(JSONViolation) {
        value = try JSONValue.parse(bytes)
    } catch {
        precondition(violation(in: bytes) == error, "the gate and the parser differ")
        precondition((0...size).contains(error.offset), "a violation outside the text")
        return 0
    }
    precondition(violation(in: bytes) == nil, "the gate refuses what the parser reads")
    let written = JSONWriter.bytes { $0.value(value) }
    precondition((try? JSONValue.parse(written)) == value, "a written value is read as a different value")
    check(value)
    return 0
}

private func violation(in bytes: [UInt8]) -> JSONViolation? {
    do throws(JSONViolation) {
        try JSONGate.standard.check(bytes)
        return nil
    } catch {
        return error
    }
}

private func check(_ value: JSONValue) {
    switch value {
    case .number(let number): check(number)
    case .array(let elements): for element in elements { check(element) }
    case .object(let object):
        check(object)
        for member in object.members { check(member.value) }
    case .null, .bool, .string: break
    }
}

private func check(_ number: JSONNumber) {
    let double = number.double
    if let integer = number.int64 {
        precondition(double == Double(integer), "an integer with a different value")
        // JSON does not allow a zero before another digit.
        let moved = integer == 0 ? "0e-1" : "\(integer)0e-1"
        for text in [moved, "\(integer)e0", "\(integer).000", "\(integer)e+00000000000000000000000"] {
            precondition(parsed(text)?.int64 == integer, "an integer in a different notation is lost")
        }
    } else if !number.text.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") })
    {
        precondition(Int64(number.text) == nil, "an integer is not read")
    }
    // Numbers with so few digits are exact in floating point.
    if let double, double != 0, double == double.rounded(), double.magnitude < 1e15,
        digitCount(number.text) <= 15
    {
        precondition(number.int64 == Int64(double), "a whole number is not read as an integer")
    }
    if !number.text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
        precondition(
            parsed(number.text + "e0")?.int64 == number.int64, "an exponent of zero changes a number")
    }
}

private func digitCount(_ text: String) -> Int {
    text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.count
}

private func parsed(_ text: String) -> JSONNumber? {
    (try? JSONValue.parse(Array(text.utf8)))?.number
}

/// Reads the members like an endpoint, with kinds that depend on the length of their names.
private func check(_ object: JSONObject) {
    var nothing = MemberReader(object)
    do throws(Violations) {
        try nothing.finish()
        precondition(object.members.isEmpty, "an unknown member is accepted")
    } catch {
        precondition(
            error.all.count <= 50 && error.all.count <= object.members.count, "more violations than members")
    }
    var reader = MemberReader(object, path: "body")
    for member in object.members.prefix(20) {
        switch member.name.utf8.count % 5 {
        case 0: _ = reader.required(member.name, .integer)
        case 1: _ = reader.optional(member.name, .nullable(.string))
        case 2: _ = reader.optional(member.name, .strings)
        case 3: _ = reader.required(member.name, .bool)
        default: _ = reader.required(member.name, .any)
        }
    }
    _ = reader.required("name", .string)
    do throws(Violations) {
        try reader.finish()
        precondition(object["name"]?.string != nil, "a name that is not in the object")
    } catch {
        precondition((1...50).contains(error.all.count), "an unbounded list of violations")
        precondition(error.all.allSatisfy { $0.path.hasPrefix("body") }, "a violation outside the body")
    }
}

// SwiftPM expects the entry point of an executable under this name, so libFuzzer's own `main` is never linked.
@_cdecl("FuzzJSON_main")
public func fuzzJSONMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?)
    -> CInt
{
    runFuzzer(count, arguments, fuzzJSON)
}
