/// The fields of a message in order, stored as the bytes on the wire.
///
/// One representation serves both directions. The parser passes on the block that it has read, together with an index.
/// The bytes of a response are written to the socket unchanged. No string is made unless a caller asks for it.
public struct Fields: Sendable {
    /// The position of one field in `bytes`.
    struct Entry: Sendable {
        var nameStart: UInt32
        var valueStart: UInt32
        var nameLength: UInt16
        var valueLength: UInt32
    }

    /// The field lines as on the wire, each `Name: value` CR LF.
    private(set) var bytes: [UInt8]
    private(set) var entries: [Entry]
    /// The combined signatures of all names. A name whose bit is not set is absent, which settles most lookups.
    private(set) var signature: UInt64

    /// Makes an empty list.
    public init() {
        bytes = []
        entries = []
        signature = 0
    }

    /// Makes a list from a block that the parser has accepted.
    ///
    /// - Parameter signature: The combined signatures of its names.
    init(parsed bytes: [UInt8], entries: [Entry], signature: UInt64) {
        self.bytes = bytes
        self.entries = entries
        self.signature = signature
    }

    /// The number of field lines.
    public var count: Int { entries.count }

    /// The value of the first field with this name, or `nil`. Invalid UTF-8 is replaced.
    ///
    /// Setting a value replaces every field with the name; setting `nil` removes them.
    public subscript(name: FieldName) -> String? {
        get { withValue(of: name) { value in value.text(0..<value.count) } }
        set {
            remove(name)
            if let newValue { append(name, newValue) }
        }
    }

    /// Returns all values of this name, in order.
    public func values(of name: FieldName) -> [String] {
        guard mayContain(name) else { return [] }
        return entries.filter { matches($0, name) }.map(text(of:))
    }

    /// Returns the number of fields with this name.
    public func count(of name: FieldName) -> Int {
        guard mayContain(name) else { return 0 }
        var count = 0
        for entry in entries where matches(entry, name) { count += 1 }
        return count
    }

    /// Reports whether a field with this name exists.
    public func contains(_ name: FieldName) -> Bool {
        mayContain(name) && entries.contains { matches($0, name) }
    }

    private func mayContain(_ name: FieldName) -> Bool { signature & name.signature != 0 }

    /// Calls `body` with the bytes of the first field with this name, without copying them; `nil` if there is no such
    /// field.
    public func withValue<Result, Failure: Error>(
        of name: FieldName, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard mayContain(name) else { return nil }
        for entry in entries where matches(entry, name) {
            return try body(
                bytes.span.extracting(Int(entry.valueStart)..<Int(entry.valueStart + entry.valueLength)))
        }
        return nil
    }

    /// Calls `body` with the bytes of the only field with this name, without copying them; `nil` unless there is
    /// exactly one.
    public func withOnlyValue<Result: ~Copyable, Failure: Error>(
        of name: FieldName, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard mayContain(name) else { return nil }
        var only: Entry?
        for entry in entries where matches(entry, name) {
            guard only == nil else { return nil }
            only = entry
        }
        guard let only else { return nil }
        return try body(
            bytes.span.extracting(Int(only.valueStart)..<Int(only.valueStart + only.valueLength)))
    }

    /// Appends a field.
    ///
    /// Control characters in the value become spaces (RFC 9110 §5.5), so that a value cannot end its line.
    public mutating func append(_ name: FieldName, _ value: String) {
        var value = value
        value.withUTF8 { append(name, utf8: $0) }
    }

    /// Appends a field with a constant value, without making a string.
    mutating func append(_ name: FieldName, _ value: StaticString) {
        append(name, utf8: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// Appends a field whose value is written in place, such as an identifier.
    ///
    /// - Parameters:
    ///   - capacity: The largest number of bytes that `write` may store.
    ///   - write: Stores printable ASCII and returns the number of bytes.
    public mutating func append(
        _ name: FieldName, atMost capacity: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer in
            guard let start = buffer.baseAddress else {
                return append(name, utf8: UnsafeBufferPointer(buffer))
            }
            let count = write(start)
            precondition(count <= capacity, "the value is longer than its capacity")
            append(name, utf8: UnsafeBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private mutating func append(_ name: FieldName, utf8 value: UnsafeBufferPointer<UInt8>) {
        var nameText = name.text
        let line = nameText.utf8.count + value.count + 4
        // Reserves extra room only on later growth: most lists consist of one field.
        let needed = bytes.count + line
        if bytes.capacity < needed { bytes.reserveCapacity(bytes.isEmpty ? needed : needed + 64) }
        let nameStart = bytes.count
        nameText.withUTF8 { bytes.append(contentsOf: $0) }
        bytes.append(0x3A)
        bytes.append(0x20)
        let valueStart = bytes.count
        if value.allSatisfy(CharacterClass.isFieldValueByte) {
            bytes.append(contentsOf: value)
        } else {
            for byte in value { bytes.append(CharacterClass.isFieldValueByte(byte) ? byte : 0x20) }
        }
        entries.append(
            Entry(
                nameStart: UInt32(nameStart), valueStart: UInt32(valueStart),
                nameLength: UInt16(nameText.utf8.count), valueLength: UInt32(bytes.count - valueStart)))
        signature |= name.signature
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    /// Appends all fields of another list.
    public mutating func append(contentsOf other: Fields) {
        guard !other.entries.isEmpty else { return }
        guard !entries.isEmpty else {
            self = other
            return
        }
        let offset = UInt32(bytes.count)
        bytes.append(contentsOf: other.bytes)
        signature |= other.signature
        entries.reserveCapacity(entries.count + other.entries.count)
        for var entry in other.entries {
            entry.nameStart += offset
            entry.valueStart += offset
            entries.append(entry)
        }
    }

    /// Removes every field with this name.
    public mutating func remove(_ name: FieldName) {
        guard contains(name) else { return }
        var kept = Fields()
        for entry in entries where !matches(entry, name) {
            kept.append(FieldName(unchecked: nameText(of: entry)), text(of: entry))
        }
        self = kept
    }

    private func matches(_ entry: Entry, _ name: FieldName) -> Bool {
        // The length rules out nearly all other names.
        guard Int(entry.nameLength) == name.lowercased.count else { return false }
        let start = Int(entry.nameStart)
        return bytes.withUnsafeBytes {
            name.isSpelled(by: UnsafeRawBufferPointer(rebasing: $0[start..<(start + Int(entry.nameLength))]))
        }
    }

    private func text(of entry: Entry) -> String {
        String(
            decoding: bytes[Int(entry.valueStart)..<Int(entry.valueStart + entry.valueLength)], as: UTF8.self)
    }

    private func nameText(of entry: Entry) -> String {
        String(
            decoding: bytes[Int(entry.nameStart)..<(Int(entry.nameStart) + Int(entry.nameLength))],
            as: UTF8.self)
    }
}

extension Fields: ExpressibleByDictionaryLiteral {
    /// Makes a list from names and values.
    public init(dictionaryLiteral elements: (FieldName, String)...) {
        self.init()
        for (name, value) in elements { append(name, value) }
    }
}

extension Fields: Sequence {
    /// An iterator over the fields in order, as names and values.
    public func makeIterator() -> IndexingIterator<[(name: String, value: String)]> {
        entries.map { (name: nameText(of: $0), value: text(of: $0)) }.makeIterator()
    }
}
