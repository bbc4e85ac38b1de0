/// Writes one JSON value (RFC 8259) piece by piece; commas are inserted automatically.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///     json.member("id", "7f3c")
///     json.member("scopes", ["treasure:create"])
///     json.member("token") { json in
///         json.object { $0.member("expires_at", nil as String?) }
///     }
/// }
/// send(json.bytes)
/// ```
///
/// The writer owns its buffer and cannot be copied. Each piece is stored through one pointer without a check for other
/// owners, which is several times as fast as appending to an array.
public struct JSONWriter: ~Copyable {
    @usableFromInline var storage: UnsafeMutablePointer<UInt8>
    @usableFromInline var capacity: Int
    @usableFromInline var length = 0
    @usableFromInline var needsComma = false
    /// Indicates that the writer must free the buffer.
    @usableFromInline var isOwned = true

    /// Makes a writer with room for `capacity` bytes before it must grow.
    public init(capacity: Int = 512) {
        self.capacity = max(capacity, 16)
        storage = .allocate(capacity: self.capacity)
    }

    @usableFromInline
    init(lent buffer: UnsafeMutablePointer<UInt8>, capacity: Int) {
        storage = buffer
        self.capacity = capacity
        isOwned = false
    }

    deinit { if isOwned { storage.deallocate() } }

    /// Returns the bytes that `write` writes. They are written on the stack and copied, unless they are longer than
    /// `capacity`. This costs less than an array of unknown size, and the result is no larger than necessary.
    @inlinable
    public static func bytes<Failure: Error>(
        capacity: Int = 512, _ write: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) {
            buffer -> Result<[UInt8], Failure> in
            var json = buffer.baseAddress.map { JSONWriter(lent: $0, capacity: buffer.count) } ?? JSONWriter()
            do throws(Failure) {
                try write(&json)
                return .success(json.bytes)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// A copy of the written bytes: UTF-8 without white space.
    public var bytes: [UInt8] { Array(UnsafeBufferPointer(start: storage, count: length)) }

    /// Calls `body` with the written bytes, without copying them.
    public func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try body(UnsafeRawBufferPointer(start: storage, count: length))
    }

    // MARK: Values

    /// Writes an object; `body` writes its members.
    @inlinable
    public mutating func object<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an array; `body` writes its elements.
    @inlinable
    public mutating func array<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open(UInt8(ascii: "["))
        try body(&self)
        close(UInt8(ascii: "]"))
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        quote(text)
        needsComma = true
    }

    /// Writes an integer of at most 64 bits.
    @inlinable
    public mutating func integer(_ number: some FixedWidthInteger) {
        decimal(magnitude: UInt64(number.magnitude), isNegative: number < 0)
    }

    @usableFromInline
    mutating func decimal(magnitude: UInt64, isNegative: Bool) {
        reserve(21)
        if isNegative { put(UInt8(ascii: "-")) }
        let start = length
        var rest = magnitude
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            rest = quotient
        } while rest != 0
        var digits = UnsafeMutableBufferPointer(start: storage + start, count: length - start)
        digits.reverse()
        needsComma = true
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    /// Writes `null`.
    public mutating func null() {
        raw("null")
    }

    /// Writes a value that was read; numbers keep their notation.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let number):
            var text = number.text
            text.withUTF8 { raw($0) }
        case .string(let text): string(text)
        case .array(let elements): array { json in for element in elements { json.value(element) } }
        case .object(let object):
            self.object { json in
                for member in object.members {
                    json.quote(member.name, followedBy: UInt8(ascii: ":"))
                    json.value(member.value)
                }
            }
        }
    }

    /// Writes members that ``members(_:)`` has prepared.
    public mutating func members(written bytes: UnsafeRawBufferPointer) {
        bytes.withMemoryRebound(to: UInt8.self) { raw($0) }
    }

    /// Returns the members that `write` writes, for repeated use; they are not a JSON value by themselves.
    public static func members(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter()
        write(&json)
        return json.bytes
    }

    // MARK: Members

    /// Writes a member; `value` writes exactly one value.
    @inlinable
    public mutating func member<Failure: Error>(
        _ name: StaticString, _ value: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        self.name(name)
        try value(&self)
    }

    /// Writes a member whose value is a string.
    public mutating func member(_ name: StaticString, _ text: String) {
        self.name(name)
        string(text)
    }

    /// Writes a member whose value is a string, or `null`.
    public mutating func member(_ name: StaticString, _ text: String?) {
        self.name(name)
        if let text { string(text) } else { null() }
    }

    /// Writes a member with a constant string that needs no escaping.
    public mutating func member(_ name: StaticString, literal text: StaticString) {
        member(name, atMost: text.utf8CodeUnitCount) { output in
            output.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
            return text.utf8CodeUnitCount
        }
    }

    /// Writes a member whose string value is made in place, such as an identifier or an instant.
    ///
    /// - Parameters:
    ///   - capacity: The largest number of bytes that `write` may store.
    ///   - write: Stores printable ASCII without `"` and `\\`, and returns the number of bytes.
    @inlinable
    public mutating func member(
        _ name: StaticString, atMost capacity: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        self.name(name)
        reserve(capacity + 3)
        put(UInt8(ascii: "\""))
        let count = write(storage + length)
        precondition(count <= capacity, "a piece is longer than its capacity")
        length += count
        put(UInt8(ascii: "\""))
        needsComma = true
    }

    /// Writes a member whose value is an integer.
    @inlinable
    public mutating func member(_ name: StaticString, _ number: some FixedWidthInteger) {
        self.name(name)
        integer(number)
    }

    /// Writes a member whose value is an integer, or `null`.
    @inlinable
    public mutating func member(_ name: StaticString, _ number: (some FixedWidthInteger)?) {
        self.name(name)
        if let number { integer(number) } else { null() }
    }

    /// Writes a member whose value is a Boolean.
    public mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    /// Writes a member whose value is an array of strings.
    public mutating func member(_ name: StaticString, _ texts: [String]) {
        self.name(name)
        array { json in for text in texts { json.string(text) } }
    }

    /// Writes a member whose value was parsed from JSON.
    public mutating func member(_ name: StaticString, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    /// Writes a member whose name is known only at run time; `value` writes exactly one value.
    public mutating func member<Failure: Error>(
        named name: String, _ value: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        quote(name, followedBy: UInt8(ascii: ":"))
        try value(&self)
    }

    // MARK: Bytes

    /// Reserves room for a piece and a comma, writes the comma if necessary, and then the piece.
    @inlinable
    mutating func reserve(_ count: Int) {
        if length + count + 1 > capacity { grow(length + count + 1) }
        if needsComma {
            put(UInt8(ascii: ","))
            needsComma = false
        }
    }

    @usableFromInline
    mutating func grow(_ needed: Int) {
        capacity = max(needed, capacity * 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: storage, count: length)
        if isOwned { storage.deallocate() }
        storage = larger
        isOwned = true
    }

    /// Stores a byte; there must be room for it.
    @inlinable
    mutating func put(_ byte: UInt8) {
        storage[length] = byte
        length += 1
    }

    /// Stores bytes; there must be room for them.
    @inlinable
    mutating func put(_ start: UnsafePointer<UInt8>, _ count: Int) {
        (storage + length).update(from: start, count: count)
        length += count
    }

    /// Writes the name of a member. It is a constant, so it needs no escaping.
    @inlinable
    mutating func name(_ name: StaticString) {
        reserve(name.utf8CodeUnitCount + 3)
        put(UInt8(ascii: "\""))
        put(name.utf8Start, name.utf8CodeUnitCount)
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
    }

    @inlinable
    mutating func open(_ bracket: UInt8) {
        reserve(1)
        put(bracket)
    }

    @inlinable
    mutating func close(_ bracket: UInt8) {
        needsComma = false
        reserve(1)
        put(bracket)
        needsComma = true
    }

    private mutating func raw(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        put(text.utf8Start, text.utf8CodeUnitCount)
        needsComma = true
    }

    private mutating func raw(_ text: UnsafeBufferPointer<UInt8>) {
        guard let start = text.baseAddress else { return }
        reserve(text.count)
        put(start, text.count)
        needsComma = true
    }

    /// Writes a string with the escapes that RFC 8259 §7 requires.
    private mutating func quote(_ text: String, followedBy end: UInt8? = nil) {
        var text = text
        text.withUTF8 { text in quote(text, followedBy: end) }
    }

    private mutating func quote(_ text: UnsafeBufferPointer<UInt8>, followedBy end: UInt8?) {
        let mustEscape = Self.hasEscaped(text)
        reserve(text.count * (mustEscape ? 6 : 1) + 3)
        put(UInt8(ascii: "\""))
        if mustEscape {
            for byte in text { length += Self.escape(byte, into: storage + length) }
        } else if let start = text.baseAddress {
            put(start, text.count)
        }
        put(UInt8(ascii: "\""))
        if let end { put(end) }
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Reports whether a byte must be escaped. Usually none must, so eight bytes are checked at a time.
    private static func hasEscaped(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = UnsafeRawBufferPointer(text)
        var index = 0
        while index + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
            let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
            // A byte below n borrows from its top bit when n is subtracted; zero is the byte below 1.
            let found =
                (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash
            if found & (ones &* 0x80) != 0 { return true }
            index += 8
        }
        while index < raw.count {
            if isEscaped(raw[index]) { return true }
            index += 1
        }
        return false
    }

    /// Stores one byte of a string in one to six bytes, and returns their number.
    private static func escape(_ byte: UInt8, into output: UnsafeMutablePointer<UInt8>) -> Int {
        guard isEscaped(byte) else {
            output[0] = byte
            return 1
        }
        output[0] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output[1] = byte
        case 0x08: output[1] = UInt8(ascii: "b")
        case 0x09: output[1] = UInt8(ascii: "t")
        case 0x0A: output[1] = UInt8(ascii: "n")
        case 0x0C: output[1] = UInt8(ascii: "f")
        case 0x0D: output[1] = UInt8(ascii: "r")
        default:
            output[1] = UInt8(ascii: "u")
            output[2] = UInt8(ascii: "0")
            output[3] = UInt8(ascii: "0")
            output[4] = UInt8(ascii: "0") + (byte >> 4)
            output[5] =
                byte & 0xF < 10 ? UInt8(ascii: "0") + (byte & 0xF) : UInt8(ascii: "a") + (byte & 0xF) - 10
            return 6
        }
        return 2
    }
}
