import Glibc
import TesseraCore
import TesseraServer
import Testing

/// One after the other: what the whole process has mapped is counted.
@Suite(.serialized) struct PageMemoryTests {
    static let sizes = [96, 4_096, 2 << 20, (2 << 20) + 96, 10_758_048]

    @Test(arguments: sizes)
    func aBlockIsEmptyAndCanBeWrittenToItsLastByte(size: Int) throws {
        let block = BlockMemory.pages.allocate(size)
        defer { BlockMemory.pages.free(block) }
        #expect(block.count == size)
        #expect(block.allSatisfy { $0 == 0 })
        block.initializeMemory(as: UInt8.self, repeating: 0xA5)
        #expect(block[size - 1] == 0xA5)
        #expect(Int(bitPattern: block.baseAddress) % 64 == 0)
    }

    @Test func aLargeBlockCanConsistOfLargePages() {
        let block = BlockMemory.pages.allocate(5_000_000)
        defer { BlockMemory.pages.free(block) }
        #expect(Int(bitPattern: block.baseAddress) % (2 << 20) == 0)
    }

    @Test func whatIsFreedIsGivenBack() throws {
        let before = try mappedBytes()
        for _ in 0..<100 {
            let block = BlockMemory.pages.allocate(10_000_096)
            block.initializeMemory(as: UInt8.self, repeating: 1)
            BlockMemory.pages.free(block)
        }
        // Others go on beside this; a hundredth of it kept each time would be seen.
        #expect(try mappedBytes() - before < 500_000_000)
    }

    /// How much the process has mapped.
    private func mappedBytes() throws -> Int {
        let file = try #require(fopen("/proc/self/statm", "r"))
        defer { fclose(file) }
        var pages = 0
        withUnsafeMutablePointer(to: &pages) { pages in
            withVaList([pages]) { _ = vfscanf(file, "%ld", $0) }
        }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
