import Glibc
package import TesseraCore

extension BlockMemory {
    /// Large blocks straight from the system, in pages of two megabytes where it has them, and back to it as soon as they
    /// are freed: the heap keeps what a growing table leaves behind, which is a third of the table again.
    package static let pages = BlockMemory(
        allocate: { count in
            count < largePage ? heap.allocate(count) : mapped(count)
        },
        free: { block in
            if block.count < largePage { heap.free(block) } else { munmap(block.baseAddress, block.count) }
        })

    private static let largePage = 2 << 20

    private static func mapped(_ count: Int) -> UnsafeMutableRawBufferPointer {
        // A large page has to begin at a multiple of its size, so one more is mapped and what is in front given back.
        let room = count + largePage
        let start = mmap(nil, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED else {
            fatalError("no memory for a table of \(count) bytes")
        }
        let front = -Int(bitPattern: start) & (largePage - 1)
        if front > 0 { munmap(start, front) }
        // The system gives back whole pages: the last one may reach beyond the block.
        let used = (front + count + pageSize - 1) & -pageSize
        if used < room { munmap(start + used, room - used) }
        let block = UnsafeMutableRawBufferPointer(start: start + front, count: count)
        // A system that has none, or will not give any, changes nothing.
        madvise(block.baseAddress, count, MADV_HUGEPAGE)
        return block
    }

    private static let pageSize = sysconf(Int32(_SC_PAGESIZE))
}
