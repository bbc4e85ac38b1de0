/// The requirements for passwords (NIST SP 800-63B-4 §3.1.1.2).
///
/// A password must be long, and none that attackers try first. There are no rules of composition, which make passwords worse.
public struct PasswordPolicy: Sendable {
    /// The smallest accepted number of characters.
    public var minimumLength: Int
    /// The largest accepted number of bytes, so that hashing has a bound. All of them count.
    public var maximumBytes: Int

    public init(minimumLength: Int = 15, maximumBytes: Int = 1024) {
        self.minimumLength = minimumLength
        self.maximumBytes = maximumBytes
    }

    /// The number of characters that must be left of a password without its parts that are easily guessed.
    static let leastRemainder = 6

    /// Says in a sentence what is wrong with a password, or `nil` when nothing is.
    ///
    /// - Parameters:
    ///   - email: The address of the account, if it is known.
    ///   - username: The name of the person, if it is known.
    public func violation(
        in password: String, of email: EmailAddress?, username: String? = nil
    ) -> String? {
        guard password.unicodeScalars.count >= minimumLength else {
            return "Use at least \(minimumLength) characters; a few words make a good password."
        }
        guard password.utf8.count <= maximumBytes else { return "Use at most \(maximumBytes) bytes." }
        guard Set(password.unicodeScalars).count > 3 else {
            return "Use more than a few different characters."
        }
        let guess = GuessablePassword(password)
        guard !guess.repeatsItself else { return "It repeats itself: use different words." }
        guard !guess.isSequence else {
            return "It follows the alphabet, the digits or the keyboard: use words instead."
        }
        let lowercased = password.lowercased()
        guard email.map({ !lowercased.contains($0.text.lowercased()) }) ?? true else {
            return "Leave your e-mail address out of it."
        }
        let names = [email?.text.split(separator: "@").first.map(String.init), username, "tessera"]
        guard guess.remainder(without: names.compactMap { $0?.lowercased() }) >= Self.leastRemainder else {
            return "Leave your name and that of this service out of it."
        }
        guard guess.remainder(without: CommonPasswords.all) >= Self.leastRemainder else {
            return "It is one of the passwords that are tried first: use other words."
        }
        return nil
    }
}
