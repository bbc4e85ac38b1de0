import TesseraCrypto
import Testing

@testable import TesseraCore

@Suite struct TokenFormatTests {
    private let format = TokenFormat()

    @Test func drawnTokenHasTheForm() {
        let secret = format.draw(.personal, from: .system)
        #expect(secret.plainText.utf8.count == 68)
        #expect(secret.plainText.hasPrefix("tcp_"))
        #expect(secret.lastFour == String(secret.plainText.suffix(4)))
        guard case .wellFormed(.personal, let digest) = format.read(secret.plainText) else {
            Issue.record("a token that was just drawn is not well-formed")
            return
        }
        #expect(digest == SHA256.digest(of: secret.plainText))
    }

    @Test func anyOneWrongCharacterIsNoticed() {
        let text = Array(format.draw(.oauthAccess, from: .system).plainText.utf8)
        for index in text.indices {
            for replacement in ["0", "A", "z", "_", "-", "\u{0}"].flatMap(\.utf8)
            where replacement != text[index] {
                var changed = text
                changed[index] = replacement
                if case .wellFormed = format.read(String(decoding: changed, as: UTF8.self)) {
                    Issue.record("a wrong character at \(index) was not noticed")
                }
            }
        }
    }

    @Test func twoCharactersInTheWrongOrderAreNoticed() {
        var text = Array(format.draw(.personal, from: .system).plainText.utf8)
        guard let index = (4..<61).first(where: { text[$0] != text[$0 + 1] }) else {
            Issue.record("a token of one letter")
            return
        }
        text.swapAt(index, index + 1)
        guard case .mistyped = format.read(String(decoding: text, as: UTF8.self)) else {
            Issue.record("swapped characters were not noticed")
            return
        }
    }

    @Test func otherPrefixesOfTheInstallationAreRead() throws {
        let former = TokenFormat(personal: try #require(TokenPrefix("abc")))
        let text = former.draw(.personal, from: .system).plainText
        guard case .malformed = format.read(text) else {
            Issue.record("a foreign prefix is accepted")
            return
        }
        let others = OtherTokenPrefixes([try #require(TokenPrefix("xyz")), try #require(TokenPrefix("abc"))])
        let present = TokenFormat(others: others)
        guard case .wellFormed(.personal, let digest) = present.read(text) else {
            Issue.record("a former prefix is refused")
            return
        }
        #expect(digest == SHA256.digest(of: text))
        guard case .mistyped = present.read(text.dropLast() + (text.hasSuffix("0") ? "1" : "0")) else {
            Issue.record("the checksum is not looked at")
            return
        }
        #expect(present.draw(.personal, from: .system).plainText.hasPrefix("tcp_"))
        #expect(present.knownBeginning(of: .personal) == "")
        #expect(format.knownBeginning(of: .personal) == "tcp_")
        others.replace(with: [])
        guard case .malformed = present.read(text) else {
            Issue.record("a prefix is accepted that was taken away")
            return
        }
    }

    @Test func wrongLengthOrPrefixIsMalformed() {
        let text = format.draw(.personal, from: .system).plainText
        for near in [
            "", "tcp_", String(text.dropLast()), text + "0", " " + text.dropFirst(),
            "tct_" + text.dropFirst(4), "TCP_" + text.dropFirst(4), String(repeating: "é", count: 34),
        ] {
            guard case .malformed = format.read(near) else {
                Issue.record("a near miss of \(near.utf8.count) bytes is not malformed")
                continue
            }
        }
    }

    @Test(arguments: TokenFormat.Kind.allCases)
    func aStringIsReadForTheUseOfItsKindAndForNoOther(_ kind: TokenFormat.Kind) {
        let text = format.draw(kind, from: .system).plainText
        #expect(text.hasPrefix("\(kind.usualPrefix)_"))
        for use in [TokenFormat.Use.accessToken, .refreshToken, .clientSecret, .registrationToken] {
            switch format.read(text, as: use) {
            case .wellFormed(kind, let digest):
                #expect(use == kind.use)
                #expect(digest == SHA256.digest(of: text))
            case .misplaced(kind): #expect(use != kind.use)
            case let other: Issue.record("\(kind) is read as \(other)")
            }
            // The checksum covers the prefix, and is looked at before the kind.
            for prefix in TokenFormat.Kind.allCases.map(\.usualPrefix) where prefix != kind.usualPrefix {
                guard case .mistyped = format.read("\(prefix)_" + text.dropFirst(4), as: use) else {
                    Issue.record("the rest of \(kind) is accepted behind \(prefix)")
                    continue
                }
            }
        }
    }

    @Test func aPrefixThatWasOnceSetForPersonalTokensGoesBeforeThatOfAnotherKind() {
        let former = TokenFormat(personal: .refresh).draw(.personal, from: .system).plainText
        guard
            case .wellFormed(.personal, _) = TokenFormat(others: OtherTokenPrefixes([.refresh])).read(former)
        else {
            Issue.record("a former prefix is refused")
            return
        }
    }

    @Test func charactersAreSpreadEvenly() {
        // 20,000 tokens of 58 characters: each digit is expected 18,709 times; six standard deviations are 816.
        var counts: [UInt8: Int] = [:]
        for _ in 0..<20_000 {
            for byte in format.draw(.personal, from: .system).plainText.utf8.dropFirst(4).prefix(58) {
                counts[byte, default: 0] += 1
            }
        }
        #expect(counts.count == 62)
        for (digit, count) in counts { #expect(abs(count - 18_709) < 816, "digit \(digit)") }
    }

    @Test func descriptionOfASecretIsRedacted() {
        let secret = format.draw(.personal, from: .system)
        #expect("\(secret)" == "<redacted>")
        #expect(String(reflecting: secret) == "<redacted>")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains(secret.plainText))
    }

    @Test(arguments: ["tc", "tcpx", "TCP", "tc1", "tc_", ""])
    func prefixIsThreeLowerCaseLetters(_ text: String) {
        #expect(TokenPrefix(text) == nil)
    }
}
