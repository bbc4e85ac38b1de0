import TesseraCSQLite

/// The memory in which texts and blobs lie while they are bound to a statement, so that SQLite need not make a copy of each.
///
/// One piece for each connection, used as a stack: a statement that runs within another one ends before it.
final class BoundBytes {
    private static let capacity = 8_192
    private let memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
    /// The number of bytes in use.
    private(set) var count = 0

    deinit { memory.deallocate() }

    /// Keeps a copy of `bytes` until ``drop(to:)``.
    ///
    /// - Returns: The address to bind, which is never null, and who owns what lies there: this object, or SQLite by a copy
    ///   of its own where there is no room.
    func hold(_ bytes: UnsafeRawBufferPointer) -> (UnsafeRawPointer, sqlite3_destructor_type?) {
        // The address matters even for no bytes: a null pointer would bind null.
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return (UnsafeRawPointer(memory), nil) }
        guard bytes.count <= Self.capacity - count else { return (source, tessera_sqlite_transient()) }
        let place = memory + count
        place.copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
        // No destructor is SQLITE_STATIC: the bytes stay where they are.
        return (UnsafeRawPointer(place), nil)
    }

    /// Gives up all but the first `count` bytes.
    func drop(to count: Int) { self.count = count }
}
