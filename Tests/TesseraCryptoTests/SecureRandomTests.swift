import Synchronization
import TesseraCrypto
import Testing

@Suite struct SecureRandomTests {
    @Test func systemBytesDoNotRepeat() {
        let draws = Set((0..<1_000).map { _ in RandomSource.system.bytes(16) })
        #expect(draws.count == 1_000)
        #expect(RandomSource.system.bytes(0).isEmpty)
        #expect(RandomSource.system.bytes(100_000).count == 100_000)
    }

    /// Each byte drawn in advance is handed out once, to any thread, across draws and for odd lengths.
    @Test func systemBytesAreGivenOnce() async {
        let draws = await withTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<4 {
                group.addTask { (0..<3_000).map { RandomSource.system.bytes($0 % 300 + 16) } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        let pieces = draws.flatMap { draw in
            stride(from: 0, to: draw.count - 15, by: 16).map { Array(draw[$0..<$0 + 16]) }
        }
        #expect(Set(pieces).count == pieces.count)
    }

    @Test func aGivenSourceIsTheOnlyOneUsed() {
        let source = RandomSource { bytes in
            for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index) }
        }
        #expect(source.bytes(4) == [0, 1, 2, 3])
        #expect(source.uniform(below: 62, count: 5) == [0, 1, 2, 3, 4])
    }

    @Test func bytesThatWouldFavourSmallNumbersArePassedOver() {
        // 248 is the last multiple of 62: 248…255 would make 0…7 likelier than the rest.
        let next = Mutex<UInt8>(240)
        let source = RandomSource { bytes in
            for index in bytes.indices {
                bytes[index] = next.withLock { value in
                    defer { value &+= 1 }
                    return value
                }
            }
        }
        #expect(source.uniform(below: 62, count: 10) == [54, 55, 56, 57, 58, 59, 60, 61, 0, 1])
    }

    @Test func uniformNumbersAreSpreadEvenly() {
        var counts = [Int](repeating: 0, count: 62)
        for number in RandomSource.system.uniform(below: 62, count: 62_000) { counts[Int(number)] += 1 }
        // 1,000 expected each, standard deviation 32: eight of them is never.
        #expect(counts.allSatisfy { (750...1_250).contains($0) })
        var dice = [Int](repeating: 0, count: 6)
        for number in RandomSource.system.uniform(below: 6, count: 6_000) { dice[Int(number)] += 1 }
        #expect(dice.allSatisfy { (750...1_250).contains($0) })
    }

    @Test func theSmallestAndLargestBoundsWork() {
        #expect(RandomSource.system.uniform(below: 1, count: 3) == [0, 0, 0])
        #expect(RandomSource.system.uniform(below: 255, count: 1_000).allSatisfy { $0 < 255 })
    }
}
