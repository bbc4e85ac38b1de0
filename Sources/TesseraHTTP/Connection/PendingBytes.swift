/// Bytes on their way through: added behind, taken in front.
struct PendingBytes: Sendable {
    /// The bytes from `start` on are those that are there; a span of them is taken where it is used.
    private(set) var storage: [UInt8] = []
    private(set) var start = 0

    /// Storage above this size is given back as soon as it is empty, so that a resting connection costs little.
    private static let keptCapacity = 4096

    var count: Int { storage.count - start }
    var isEmpty: Bool { start == storage.count }

    mutating func append(_ bytes: [UInt8]) { storage.append(contentsOf: bytes) }
    mutating func append(_ bytes: UnsafeRawBufferPointer) { storage.append(contentsOf: bytes) }
    mutating func append(_ byte: UInt8) { storage.append(byte) }

    mutating func append(_ text: StaticString) {
        storage.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a number that is not negative, in decimal digits.
    mutating func append(decimal number: Int) {
        if number < 1_000 {
            if number >= 100 { storage.append(0x30 + UInt8(truncatingIfNeeded: number / 100)) }
            if number >= 10 { storage.append(0x30 + UInt8(truncatingIfNeeded: number / 10 % 10)) }
        } else {
            append(decimal: number / 10)
        }
        storage.append(0x30 + UInt8(truncatingIfNeeded: number % 10))
    }

    /// Removes bytes in front.
    mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count)
        start += count
        if start == storage.count {
            removeAll()
        } else if start >= 64 * 1024 {
            storage.removeFirst(start)
            start = 0
        }
    }

    mutating func removeAll() {
        storage.removeAll(keepingCapacity: storage.capacity <= Self.keptCapacity)
        start = 0
    }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }
}
