/// The grammar of RFC 8259 §2–§7 over valid UTF-8, with one function for each production.
///
/// Each level of nesting is one call, and there are at most `maxDepth` levels.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let maxDepth: Int
    /// Indicates that values are kept. Otherwise they are only checked, and each value is `null`.
    private let keepsValues: Bool
    private var offset = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int, keepsValues: Bool) {
        self.bytes = bytes
        self.maxDepth = maxDepth
        self.keepsValues = keepsValues
    }

    /// Parses one value with optional white space around it.
    mutating func text() throws(JSONViolation) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw violation(.byteOrderMark) }
        skipWhiteSpace()
        let value = try value()
        skipWhiteSpace()
        guard offset == bytes.count else { throw violation(.contentAfterEnd) }
        return value
    }

    private mutating func value() throws(JSONViolation) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""):
            let text = try string(kept: keepsValues)
            return keepsValues ? .string(text) : .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw violation(.unexpectedCharacter)
        }
    }

    // MARK: Objects and arrays

    private mutating func object() throws(JSONViolation) -> JSONValue {
        try enter()
        var names = MemberNames()
        var members: [JSONObject.Member] = []
        skipWhiteSpace()
        if try peek() == UInt8(ascii: "}") {
            leave()
            return keepsValues ? .object(JSONObject()) : .null
        }
        while true {
            let start = offset
            guard try peek() == UInt8(ascii: "\"") else { throw violation(.unexpectedCharacter) }
            let name = try string(kept: true)
            guard names.insert(name) else { throw JSONViolation(reason: .duplicateMember, offset: start) }
            skipWhiteSpace()
            guard try peek() == UInt8(ascii: ":") else { throw violation(.unexpectedCharacter) }
            offset += 1
            skipWhiteSpace()
            let value = try value()
            if keepsValues { members.append(JSONObject.Member(name: name, value: value)) }
            skipWhiteSpace()
            switch try peek() {
            case UInt8(ascii: ","):
                offset += 1
                skipWhiteSpace()
            case UInt8(ascii: "}"):
                leave()
                return keepsValues ? .object(JSONObject(distinct: members)) : .null
            default: throw violation(.unexpectedCharacter)
            }
        }
    }

    private mutating func array() throws(JSONViolation) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        skipWhiteSpace()
        if try peek() == UInt8(ascii: "]") {
            leave()
            return keepsValues ? .array([]) : .null
        }
        while true {
            let element = try value()
            if keepsValues { elements.append(element) }
            skipWhiteSpace()
            switch try peek() {
            case UInt8(ascii: ","):
                offset += 1
                skipWhiteSpace()
            case UInt8(ascii: "]"):
                leave()
                return keepsValues ? .array(elements) : .null
            default: throw violation(.unexpectedCharacter)
            }
        }
    }

    private mutating func enter() throws(JSONViolation) {
        guard depth < maxDepth else { throw violation(.tooDeep) }
        depth += 1
        offset += 1
    }

    private mutating func leave() {
        depth -= 1
        offset += 1
    }

    // MARK: Strings

    /// Parses a string. If `kept` is false, the string is only checked and the result is empty.
    private mutating func string(kept: Bool) throws(JSONViolation) -> String {
        offset += 1
        let start = offset
        while true {
            switch try peek() {
            case UInt8(ascii: "\""):
                defer { offset += 1 }
                return kept ? String(decoding: bytes[start..<offset], as: UTF8.self) : ""
            case UInt8(ascii: "\\"): return try stringWithEscapes(from: start)
            case 0x00..<0x20: throw violation(.controlCharacter)
            default: offset += 1
            }
        }
    }

    /// Parses the rest of a string that began at `start`, from its first escape on.
    private mutating func stringWithEscapes(from start: Int) throws(JSONViolation) -> String {
        var text = Array(bytes[start..<offset])
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: UTF8.encode(try escape())!)
            case 0x00..<0x20: throw violation(.controlCharacter)
            default:
                text.append(byte)
                offset += 1
            }
        }
    }

    private mutating func escape() throws(JSONViolation) -> Unicode.Scalar {
        let start = offset
        offset += 1
        let scalar: Unicode.Scalar
        switch try peek() {
        case UInt8(ascii: "\""): scalar = "\""
        case UInt8(ascii: "\\"): scalar = "\\"
        case UInt8(ascii: "/"): scalar = "/"
        case UInt8(ascii: "b"): scalar = "\u{08}"
        case UInt8(ascii: "f"): scalar = "\u{0C}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"):
            offset += 1
            return try unicodeEscape(startedAt: start)
        default: throw JSONViolation(reason: .invalidEscape, offset: start)
        }
        offset += 1
        return scalar
    }

    /// Parses one scalar from one `\u` escape or, above U+FFFF, from two.
    private mutating func unicodeEscape(startedAt start: Int) throws(JSONViolation) -> Unicode.Scalar {
        let first = try fourDigits(startedAt: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let lone = JSONViolation(reason: .loneSurrogate, offset: start)
        guard first < 0xDC00 else { throw lone }
        for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
            guard try peek() == expected else { throw lone }
            offset += 1
        }
        let second = try fourDigits(startedAt: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw lone }
        return scalar
    }

    private mutating func fourDigits(startedAt start: Int) throws(JSONViolation) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch try peek() {
            case let byte where isDigit(byte): digit = byte - UInt8(ascii: "0")
            case let byte where (0x61...0x66).contains(byte | 0x20): digit = (byte | 0x20) - 0x61 + 10
            default: throw JSONViolation(reason: .invalidEscape, offset: start)
            }
            number = number << 4 | UInt32(digit)
            offset += 1
        }
        return number
    }

    // MARK: Numbers and literals

    private mutating func number() throws(JSONViolation) -> JSONValue {
        let start = offset
        take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        // A digit after a leading zero.
        if offset < bytes.count, isDigit(bytes[offset]) { throw violation(.invalidNumber) }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { take(UInt8(ascii: "-")) }
            try digits()
        }
        guard keepsValues else { return .null }
        return .number(JSONNumber(checked: String(decoding: bytes[start..<offset], as: UTF8.self)))
    }

    /// Parses one or more digits.
    private mutating func digits() throws(JSONViolation) {
        guard isDigit(try peek()) else { throw violation(.invalidNumber) }
        while offset < bytes.count, isDigit(bytes[offset]) { offset += 1 }
    }

    private mutating func literal(_ name: StaticString, _ value: JSONValue) throws(JSONViolation) -> JSONValue
    {
        for index in 0..<name.utf8CodeUnitCount {
            guard try peek() == name.utf8Start[index] else { throw violation(.unexpectedCharacter) }
            offset += 1
        }
        return value
    }

    // MARK: Bytes

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func peek() throws(JSONViolation) -> UInt8 {
        guard offset < bytes.count else { throw violation(.unexpectedEnd) }
        return bytes[offset]
    }

    @discardableResult
    private mutating func take(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private func violation(_ reason: JSONViolation.Reason) -> JSONViolation {
        JSONViolation(reason: reason, offset: offset)
    }
}

/// The member names of one object, compared as bytes.
private struct MemberNames {
    private var few: [String] = []
    private var many: Set<[UInt8]> = []

    /// Inserts a name; returns `false` if it is already present.
    mutating func insert(_ name: String) -> Bool {
        if !many.isEmpty { return many.insert(Array(name.utf8)).inserted }
        if few.contains(where: { $0.isSameText(as: name) }) { return false }
        few.append(name)
        // From this size on, a linear search would take quadratic time for an attacker's object.
        if few.count > 16 { many = Set(few.map { Array($0.utf8) }) }
        return true
    }
}
