/// A byte queue: appends at the end, consumes at the start.
struct PendingBytes: Sendable {
    /// The storage; the bytes from `start` to `end` are pending. Callers take spans of it in place.
    private(set) var storage: [UInt8] = []
    private(set) var start = 0
    private(set) var end = 0

    /// Larger storage is released as soon as it is empty, so that an idle connection uses little memory.
    private static let keptCapacity = 4096

    var count: Int { end - start }
    var isEmpty: Bool { start == end }

    mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        write(atMost: bytes.count) { $0.put(bytes) }
    }

    mutating func append(_ text: StaticString) {
        write(atMost: text.utf8CodeUnitCount) { $0.put(text) }
    }

    /// Appends the pieces that `body` stores, with one check of the capacity for all of them.
    ///
    /// - Parameter capacity: The largest number of bytes that `body` may store.
    @inline(__always)
    mutating func write(atMost capacity: Int, _ body: (inout ByteCursor) -> Void) {
        reserve(capacity)
        let end = end
        self.end += storage.withUnsafeMutableBytes { storage in
            var cursor = ByteCursor(UnsafeMutableRawBufferPointer(rebasing: storage[end...]))
            body(&cursor)
            return cursor.count
        }
    }

    private mutating func reserve(_ capacity: Int) {
        guard storage.count - end < capacity else { return }
        let size = max(end + capacity, 2 * storage.count, 1024)
        storage.append(contentsOf: repeatElement(0, count: size - storage.count))
    }

    /// Removes `count` bytes from the start.
    mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count)
        start += count
        if start == end {
            removeAll()
        } else if start >= 64 * 1024 {
            storage.removeFirst(start)
            end -= start
            start = 0
        }
    }

    mutating func removeAll() {
        if storage.count > Self.keptCapacity { storage = [] }
        start = 0
        end = 0
    }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
    }
}

/// A position to which bytes are stored one after another. Writing past the capacity ends the process.
struct ByteCursor {
    private let room: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        precondition(count < room.count, "no room for another byte")
        room[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, let target = room.baseAddress else { return }
        precondition(bytes.count <= room.count - count, "no room for these bytes")
        (target + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    @inline(__always)
    mutating func put(_ bytes: [UInt8]) { bytes.withUnsafeBytes { put($0) } }

    @inline(__always)
    mutating func put(_ text: StaticString) {
        put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Stores a non-negative number in decimal digits: at most 20 bytes.
    @inline(__always)
    mutating func put(decimal number: Int) {
        var (rest, count) = (number / 10, 1)
        while rest > 0 { (rest, count) = (rest / 10, count + 1) }
        precondition(count <= room.count - self.count, "no room for these digits")
        rest = number
        var index = self.count + count
        self.count = index
        for _ in 0..<count {
            index -= 1
            room[index] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Stores a non-negative number in hexadecimal digits without leading zeros: at most 16 bytes.
    mutating func put(hexadecimal number: Int) {
        if number >= 16 { put(hexadecimal: number / 16) }
        put(Self.digit(UInt8(truncatingIfNeeded: number & 0xF)))
    }

    /// Stores sixteen hexadecimal digits.
    mutating func put(hexadecimal number: UInt64) {
        precondition(room.count - count >= 16, "no room for sixteen digits")
        guard let target = room.baseAddress else { return }
        for index in 0..<16 {
            target.storeBytes(
                of: Self.digit(
                    UInt8(truncatingIfNeeded: number &>> UInt64(60 &- 4 &* index))),
                toByteOffset: count &+ index, as: UInt8.self)
        }
        count += 16
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        let digits: StaticString = "0123456789abcdef"
        return digits.utf8Start[Int(value & 0xF)]
    }
}
