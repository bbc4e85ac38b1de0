import Testing

@testable import TesseraHTTP

@Suite struct SpanBytesTests {
    private func areAllowed(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        bytes.span.areFieldValueBytes(range)
    }

    /// Eight bytes are checked together. Each byte must be detected at every position.
    @Test(arguments: [UInt8(ascii: "a"), 0x20, 0x09, 0x80, 0xFF])
    func everyByteIsJudgedIndependently(_ neighbour: UInt8) {
        for length in 1...19 {
            for position in 0..<length {
                for byte in UInt8.min...UInt8.max {
                    var bytes = [UInt8](repeating: neighbour, count: length)
                    bytes[position] = byte
                    let isAllowed = areAllowed(bytes, 0..<length)
                    if isAllowed != CharacterClass.isFieldValueByte(byte) {
                        Issue.record("byte \(byte) at \(position) of \(length), among \(neighbour)")
                    }
                }
            }
        }
    }

    @Test func onlyTheRangeIsJudged() {
        let bytes: [UInt8] = [0x00] + [UInt8](repeating: 0x61, count: 17) + [0x7F]
        #expect(areAllowed(bytes, 1..<18))
        #expect(!areAllowed(bytes, 0..<18))
        #expect(!areAllowed(bytes, 1..<19))
        #expect(areAllowed(bytes, 5..<5))
    }
}
