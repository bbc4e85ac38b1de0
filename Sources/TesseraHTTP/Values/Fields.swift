/// The fields of a message, in order, kept as the bytes that stand on the wire.
///
/// One representation serves both directions: the parser hands over the block it has read with an index into it,
/// and a response's block is written to the socket as it is. Neither makes a string that nobody asks for.
public struct Fields: Sendable {
    /// Where one field stands in `bytes`.
    struct Entry: Sendable {
        var nameStart: UInt32
        var valueStart: UInt32
        var nameLength: UInt16
        var valueLength: UInt32
    }

    /// Field lines as on the wire, each `Name: value` CR LF.
    private(set) var bytes: [UInt8]
    private(set) var entries: [Entry]

    /// Makes an empty list.
    public init() {
        bytes = []
        entries = []
    }

    /// Makes a list over a block that the parser has accepted.
    init(parsed bytes: [UInt8], entries: [Entry]) {
        self.bytes = bytes
        self.entries = entries
    }

    /// The number of field lines.
    public var count: Int { entries.count }

    /// The value of the first field of this name, or `nil` if there is none; bytes that are not UTF-8 are replaced.
    ///
    /// Setting replaces every field of the name; setting `nil` removes them.
    public subscript(name: FieldName) -> String? {
        get {
            for entry in entries where matches(entry, name) { return text(of: entry) }
            return nil
        }
        set {
            remove(name)
            if let newValue { append(name, newValue) }
        }
    }

    /// All values of this name, in order.
    public func values(of name: FieldName) -> [String] {
        entries.filter { matches($0, name) }.map(text(of:))
    }

    /// How many fields have this name.
    public func count(of name: FieldName) -> Int {
        var count = 0
        for entry in entries where matches(entry, name) { count += 1 }
        return count
    }

    /// Calls `body` with the bytes of the first field of this name, without copying them; `nil` if there is none.
    public func withValue<Result, Failure: Error>(
        of name: FieldName, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        for entry in entries where matches(entry, name) {
            return try body(
                bytes.span.extracting(Int(entry.valueStart)..<Int(entry.valueStart + entry.valueLength)))
        }
        return nil
    }

    /// Adds a field behind those that are there.
    ///
    /// Control characters in the value become spaces (RFC 9110 §5.5), so that no value can end its line.
    public mutating func append(_ name: FieldName, _ value: String) {
        var value = value
        value.withUTF8 { append(name, utf8: $0) }
    }

    /// Adds a field whose value is known when the program is written; makes no string.
    mutating func append(_ name: FieldName, _ value: StaticString) {
        append(name, utf8: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    private mutating func append(_ name: FieldName, utf8 value: UnsafeBufferPointer<UInt8>) {
        var nameText = name.text
        bytes.reserveCapacity(bytes.count + nameText.utf8.count + value.count + 4)
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
        bytes.append(0x0D)
        bytes.append(0x0A)
    }

    /// Adds all fields of another list behind those that are there.
    public mutating func append(contentsOf other: Fields) {
        let offset = UInt32(bytes.count)
        bytes.append(contentsOf: other.bytes)
        entries.reserveCapacity(entries.count + other.entries.count)
        for var entry in other.entries {
            entry.nameStart += offset
            entry.valueStart += offset
            entries.append(entry)
        }
    }

    /// Removes every field of this name.
    public mutating func remove(_ name: FieldName) {
        guard entries.contains(where: { matches($0, name) }) else { return }
        var kept = Fields()
        for entry in entries where !matches(entry, name) {
            kept.append(FieldName(unchecked: nameText(of: entry)), text(of: entry))
        }
        self = kept
    }

    private func matches(_ entry: Entry, _ name: FieldName) -> Bool {
        var wanted = name.lowercased
        guard Int(entry.nameLength) == wanted.utf8.count else { return false }
        return wanted.withUTF8 { wanted in
            let start = Int(entry.nameStart)
            for index in 0..<wanted.count {
                let byte = bytes[start + index]
                let lowered = byte &- 0x41 < 26 ? byte | 0x20 : byte
                if lowered != wanted[index] { return false }
            }
            return true
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
    public init(dictionaryLiteral elements: (FieldName, String)...) {
        self.init()
        for (name, value) in elements { append(name, value) }
    }
}

extension Fields: Sequence {
    /// The fields in order, as name and value.
    public func makeIterator() -> IndexingIterator<[(name: String, value: String)]> {
        entries.map { (name: nameText(of: $0), value: text(of: $0)) }.makeIterator()
    }
}
