/// A source of memory for tables that may become large.
public struct BlockMemory: Sendable {
    /// Makes a block of so many bytes, all of them 0, that begins with a cache line at least.
    package let allocate: @Sendable (_ byteCount: Int) -> UnsafeMutableRawBufferPointer
    /// Frees a block that ``allocate`` has made, the whole of it.
    package let free: @Sendable (UnsafeMutableRawBufferPointer) -> Void

    /// Makes a source of two functions.
    package init(
        allocate: @escaping @Sendable (_ byteCount: Int) -> UnsafeMutableRawBufferPointer,
        free: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void
    ) {
        self.allocate = allocate
        self.free = free
    }

    /// The heap of the process.
    public static let heap = BlockMemory(
        allocate: { count in
            let block = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
            block.initializeMemory(as: UInt8.self, repeating: 0)
            return block
        },
        free: { $0.deallocate() })
}
