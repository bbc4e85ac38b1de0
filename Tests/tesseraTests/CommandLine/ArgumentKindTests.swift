import Testing

@testable import tessera

@Suite struct ArgumentKindTests {
    @Test(arguments: [
        "99999999999999999999", "9223372036854775808", "-9223372036854775808", "-1", "+1", "", " 1", "1e3",
        "0x10", "1.0", "١",
        "11",
    ])
    func aNumberOutOfRangeIsRefusedWithTheRange(_ text: String) {
        let kind = ArgumentKind<Int>.number("N", in: 0...10)
        let error = #expect(throws: ArgumentKindError.self) { try kind.read(text) }
        #expect(error?.sentence == "expected a number from 0 to 10.")
    }

    @Test func aNumberMayBeTheLargest() throws {
        let kind = ArgumentKind<Int>.number("N", in: 0...Int.max)
        #expect(try kind.read("9223372036854775807") == .max)
        #expect(try kind.read("00000000000000000000000007") == 7)
    }
}
