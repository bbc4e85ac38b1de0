/// What a password must be like (NIST SP 800-63B-4 §3.1.1.2): long, and nothing more that a person would have to remember.
public struct PasswordPolicy: Sendable {
    /// The smallest accepted number of characters.
    public var minimumLength: Int
    /// The largest accepted number of bytes, so that hashing has a bound. All of them count.
    public var maximumBytes: Int

    public init(minimumLength: Int = 15, maximumBytes: Int = 1024) {
        self.minimumLength = minimumLength
        self.maximumBytes = maximumBytes
    }

    /// Says in a sentence what is wrong with a password, or `nil` when nothing is.
    public func violation(in password: String, of email: EmailAddress) -> String? {
        guard password.unicodeScalars.count >= minimumLength else {
            return "Use at least \(minimumLength) characters; a few words make a good password."
        }
        guard password.utf8.count <= maximumBytes else { return "Use at most \(maximumBytes) bytes." }
        guard Set(password.unicodeScalars).count > 3 else {
            return "Use more than a few different characters."
        }
        guard !password.lowercased().contains(email.text) else {
            return "Leave your e-mail address out of it."
        }
        return nil
    }
}
