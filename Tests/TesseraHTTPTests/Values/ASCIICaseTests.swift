import Testing

@testable import TesseraHTTP

@Suite("ASCII without regard to case")
struct ASCIICaseTests {
    private static func areEqual(_ bytes: [UInt8], _ lowercase: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in lowercase.withUnsafeBytes { ASCIICase.areEqual(bytes, $0) } }
    }

    @Test("every byte at every place of every length is what it is alone", arguments: 1...24)
    func everyByte(length: Int) {
        let text = Array("content-type:x@[`{~z09az".utf8.prefix(length))
        #expect(Self.areEqual(text, text))
        #expect(Self.areEqual(text.map { 0x61...0x7A ~= $0 ? $0 & 0xDF : $0 }, text))
        for place in 0..<length {
            for byte in UInt8.min...UInt8.max {
                var other = text
                other[place] = byte
                let isSame = (0x41...0x5A ~= byte ? byte | 0x20 : byte) == text[place]
                #expect(Self.areEqual(other, text) == isSame, "\(byte) at \(place) of \(length)")
            }
        }
    }

    @Test("texts of different lengths differ")
    func lengths() {
        #expect(Self.areEqual([], []))
        #expect(!Self.areEqual(Array("hos".utf8), Array("host".utf8)))
        #expect(!Self.areEqual(Array("authorization".utf8), Array("authorizatio".utf8)))
    }
}
