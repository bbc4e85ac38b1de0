import TesseraCore
import TesseraHosting
import Testing

struct PageMemoryTests {
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
        let before = try #require(ProcessMetrics.residentBytes)
        for _ in 0..<100 {
            let block = BlockMemory.pages.allocate(10_000_096)
            block.initializeMemory(as: UInt8.self, repeating: 1)
            BlockMemory.pages.free(block)
        }
        // A thousand million if nothing was; others go on beside this.
        #expect(try #require(ProcessMetrics.residentBytes) - before < 500_000_000)
    }
}
