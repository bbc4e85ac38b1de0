import Glibc

/// Memory in pages of two megabytes, where the system has them.
enum LargePages {
    /// Asks for large pages under a block. A system that has none, or will not give any, changes nothing.
    @Sendable
    static func ask(for block: UnsafeMutableRawBufferPointer) {
        madvise(block.baseAddress, block.count, MADV_HUGEPAGE)
    }
}
