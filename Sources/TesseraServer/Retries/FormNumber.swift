import TesseraCrypto
import TesseraHTML
import TesseraHTTP
import TesseraJOSE
import TesseraTime

/// The number in a form that makes something: two forms with the same number make one thing.
///
/// It is drawn with the page and bound to the cookie of the browser and to the address of the form, so that nothing has to
/// be kept until the form is sent.
struct FormNumber: Sendable {
    /// The name of the hidden field.
    static let field = "once"
    /// For how long a page with a form can be left open.
    static let lifetime = Duration.seconds(86_400)

    private static let instantLength = 8
    private static let randomLength = 12
    private static let codeLength = 16

    let text: String
    /// The first instant at which the form is too old to be sent.
    let expiresAt: NumericDate

    /// Draws a new number for the form that is sent to `path`, in the browser of `cookie`.
    static func draw(
        for path: String, cookie: String, from random: RandomSource, at now: NumericDate
    ) -> FormNumber {
        let instant = withUnsafeBytes(of: now.milliseconds.bigEndian, Array.init)
        let drawn = instant + random.bytes(randomLength)
        return FormNumber(
            text: Base64URL.encode(drawn + code(for: drawn, path, cookie)), expiresAt: now + lifetime)
    }

    private init(text: String, expiresAt: NumericDate) {
        self.text = text
        self.expiresAt = expiresAt
    }

    /// - Parameter text: The number as it was sent back; anything but one drawn for this form in this browser gives `nil`.
    init?(_ text: String?, for path: String, cookie: String) {
        guard let text, let bytes = Base64URL.decode(text) else { return nil }
        let drawnLength = Self.instantLength + Self.randomLength
        guard bytes.count == drawnLength + Self.codeLength else { return nil }
        let drawn = Array(bytes[..<drawnLength])
        guard ConstantTime.areEqual(Array(bytes[drawnLength...]), Self.code(for: drawn, path, cookie)) else {
            return nil
        }
        let milliseconds = drawn[..<Self.instantLength].reduce(0) { $0 << 8 | UInt64($1) }
        self.init(
            text: text,
            expiresAt: NumericDate(milliseconds: Int64(bitPattern: milliseconds)) + Self.lifetime)
    }

    private static func code(for drawn: [UInt8], _ path: String, _ cookie: String) -> [UInt8] {
        let message = Array("form number\0\(path)\0".utf8) + drawn
        return Array(HMACSHA256.code(for: message, key: Secret(utf8: cookie)).bytes.prefix(codeLength))
    }
}

extension Page {
    /// The hidden field by which a form that makes something is taken once.
    func numberField(_ number: String) -> HTML {
        input(.type("hidden"), .name(FormNumber.field), .value(number))
    }
}
