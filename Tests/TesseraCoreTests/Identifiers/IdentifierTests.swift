import TesseraCore
import TesseraCrypto
import TesseraTime
import Testing

@Suite struct IdentifierTests {
    @Test("RFC 9562 Appendix A.6") func textAndBytesAgree() throws {
        let text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
        let id = try #require(User.ID(text))
        #expect(id.description == text)
        #expect(User.ID(bytes: id.bytes) == id)
        #expect(User.ID(text.uppercased()) == id)
    }

    @Test(arguments: [
        "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
        "017f22e279b0-7cc3-98c4-dc0c0c07398f-", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2-79b0-7cc3-98c4_dc0c0c07398f", "０17f22e2-79b0-7cc3-98c4-dc0c0c0739",
    ])
    func nearMissIsRefused(_ text: String) {
        #expect(User.ID(text) == nil)
    }

    @Test func bytesOfAnotherLengthAreRefused() {
        #expect(User.ID(bytes: [UInt8](repeating: 1, count: 15)) == nil)
        #expect(User.ID(bytes: [UInt8](repeating: 1, count: 17)) == nil)
    }

    @Test("RFC 9562 §5.7") func carriesTimeVersionAndVariant() {
        let source = IdentifierSource(random: RandomSource { bytes in bytes = bytes.map { _ in 0xFF } })
        let id: User.ID = source.next(at: NumericDate(milliseconds: 0x017F_22E2_79B0))
        #expect(id.high >> 16 == 0x017F_22E2_79B0)
        #expect(id.high >> 12 & 0xF == 7)
        #expect(id.low >> 62 == 0b10)
    }

    @Test("RFC 9562 §6.2") func alwaysRisesEvenIfTheClockGoesBack() {
        let source = IdentifierSource(random: .system)
        var last: User.ID = source.next(at: NumericDate(seconds: 1_000))
        for step in 0..<10_000 {
            // The clock runs backwards while more identifiers are made than fit into a millisecond.
            let next: User.ID = source.next(at: NumericDate(seconds: 1_000 - Int64(step)))
            #expect(last < next)
            last = next
        }
    }
}
