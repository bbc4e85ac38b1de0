import Testing

@testable import TesseraServer

/// Contrast as WCAG 2.2 defines it, over the custom properties of the stylesheet.
@Suite struct StylesheetTests {
    enum Scheme: CaseIterable { case light, dark }

    /// Text on ground, wherever the stylesheet puts one on the other.
    static let texts: [(text: String, ground: String)] = [
        ("ink", "paper"), ("ink", "surface"), ("ink", "sunken"),
        ("muted", "paper"), ("muted", "surface"), ("muted", "sunken"),
        ("link", "paper"), ("link", "surface"), ("link", "sunken"),
        ("on-gold", "gold"), ("on-gold", "gold-hover"),
        ("good", "good-soft"), ("soon", "soon-soft"), ("bad", "bad-soft"),
        ("bad", "surface"), ("bad", "paper"),
        ("on-danger", "danger"), ("on-danger", "danger-hover"),
    ]

    /// What has to be seen without being read: borders of fields, the focus, the tile that marks where one is.
    static let shapes: [(shape: String, ground: String)] = [
        ("control", "surface"), ("control", "paper"), ("link", "surface"), ("link", "paper"),
        ("bad", "surface"),
    ]

    @Test("WCAG 2.2 §1.4.3", arguments: Scheme.allCases, texts)
    func textStandsOut(scheme: Scheme, pair: (text: String, ground: String)) throws {
        let colours = try Self.colours(scheme)
        let ratio = try Self.contrast(#require(colours[pair.text]), #require(colours[pair.ground]))
        #expect(ratio >= 4.5)
    }

    @Test("WCAG 2.2 §1.4.11", arguments: Scheme.allCases, shapes)
    func shapesStandOut(scheme: Scheme, pair: (shape: String, ground: String)) throws {
        let colours = try Self.colours(scheme)
        let ratio = try Self.contrast(#require(colours[pair.shape]), #require(colours[pair.ground]))
        #expect(ratio >= 3)
    }

    @Test func everyColourOfOneSchemeIsInTheOther() throws {
        let light = try Set(Self.colours(.light).keys)
        let dark = try Set(Self.colours(.dark).keys)
        #expect(light == dark)
        #expect(light.count >= 20)
    }

    @Test func everyPropertyThatIsUsedIsDefined() throws {
        let sheet = Self.sheet
        let used = Set(sheet.split(separator: "var(--").dropFirst().map { String($0.prefix { $0 != ")" }) })
        let colours = try Set(Self.colours(.light).keys)
        #expect(used.subtracting(colours) == ["sans", "mono", "radius"])
        #expect(colours.subtracting(used).isEmpty)
    }

    @Test func nothingIsFetchedFromElsewhere() {
        #expect(!Self.sheet.contains("url("))
        #expect(!Self.sheet.contains("@import"))
    }

    private static let sheet = String(decoding: Assets.stylesheet.bytes, as: UTF8.self)

    /// The custom properties of a scheme that hold a colour, as linear light.
    private static func colours(_ scheme: Scheme) throws -> [String: [Double]] {
        let parts = sheet.split(separator: ":root {")
        try #require(parts.count == 3)
        let block = parts[scheme == .light ? 1 : 2].prefix { $0 != "}" }
        var colours: [String: [Double]] = [:]
        for line in block.split(separator: ";") {
            let halves = line.split(separator: ":")
            guard halves.count == 2, let name = halves[0].split(separator: "--").last,
                halves[0].contains("--"),
                let hash = halves[1].firstIndex(of: "#")
            else { continue }
            let digits = halves[1][hash...].dropFirst()
            let number = try #require(digits.count == 6 ? Int(digits, radix: 16) : nil)
            colours[String(name)] = [number >> 16, number >> 8 & 0xFF, number & 0xFF].map {
                linear(Double($0) / 255)
            }
        }
        return colours
    }

    private static func contrast(_ one: [Double], _ other: [Double]) -> Double {
        let (a, b) = (luminance(one), luminance(other))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private static func luminance(_ light: [Double]) -> Double {
        0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    }

    private static func linear(_ channel: Double) -> Double {
        channel <= 0.04045 ? channel / 12.92 : power((channel + 0.055) / 1.055)
    }

    /// `base` to the power 2.4: its square times its fifth root squared, the root by Newton's method.
    private static func power(_ base: Double) -> Double {
        var root = 1.0
        for _ in 0..<60 {
            root -= (root * root * root * root * root - base) / (5 * root * root * root * root)
        }
        return base * base * root * root
    }
}
