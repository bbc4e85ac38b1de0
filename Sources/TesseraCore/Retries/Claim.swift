public import TesseraCrypto
public import TesseraTime

/// The right to do something once, for all nodes and across restarts.
///
/// The first request with a key claims it, creates something, and completes the claim with what was answered. A later
/// request with the same key finds the claim and creates nothing. The key of a claim is a digest, so that the store holds
/// neither the key that a client chose nor the number of a form.
public struct Claim: Sendable, Hashable {
    /// SHA-256 over the kind of the claim, the caller, the endpoint, and the client's key or the form's number.
    public typealias Key = SHA256Digest
    /// One attempt to do something under a key.
    public typealias Holder = Identifier<Claim>

    /// The source of a key. Keys of different kinds never meet.
    public enum Kind: String, Sendable {
        /// The field `Idempotency-Key` of a program.
        case request
        /// The number in a form of a page.
        case form
    }

    /// The key that is claimed.
    public let key: Key
    /// The attempt that makes the claim. Only the same attempt can complete or release it.
    public let holder: Holder
    /// A code of the whole request. A later request that asks for something else has another.
    public let fingerprint: SHA256Digest
    /// The instant of the claim.
    public let claimedAt: NumericDate
    /// The first instant at which the key is free again, however the attempt ended.
    public let expiresAt: NumericDate

    public init(
        key: Key, holder: Holder, fingerprint: SHA256Digest, claimedAt: NumericDate, expiresAt: NumericDate
    ) {
        self.key = key
        self.holder = holder
        self.fingerprint = fingerprint
        self.claimedAt = claimedAt
        self.expiresAt = expiresAt
    }

    /// For how long a key is remembered.
    public static let lifetime = Duration.seconds(86_400)

    /// The key for these parts, none of which can run over into the next.
    public static func key(_ kind: Kind, _ parts: [String]) -> Key {
        SHA256.digest(of: joined([kind.rawValue] + parts))
    }

    /// Texts one behind the other, each with its length in front.
    public static func joined(_ parts: [String]) -> [UInt8] {
        parts.flatMap { part in withUnsafeBytes(of: UInt64(part.utf8.count).bigEndian, Array.init) + part.utf8
        }
    }
}

/// The answer to the attempt that created something, without any secret.
public struct ClaimedAnswer: Sendable, Hashable {
    /// The largest body in bytes that is remembered.
    public static let longestBody = 64 * 1024

    /// The status of the answer.
    public let status: Int
    /// The path of the new resource.
    public let location: String?
    /// The media type of the body; `nil` for an answer without one.
    public let mediaType: String?
    /// The body, without secrets.
    public let body: [UInt8]

    public init(status: Int, location: String? = nil, mediaType: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.location = location
        self.mediaType = mediaType
        self.body = body
    }
}

/// The result of an attempt to claim a key.
public enum ClaimOutcome: Sendable, Hashable {
    /// The key was free, and belongs to this attempt now.
    case claimed
    /// An earlier attempt with the same fingerprint is under way, or its end is not known.
    case pending
    /// An earlier attempt with the same fingerprint has created something.
    case completed(ClaimedAnswer)
    /// The key belongs to an attempt with another fingerprint.
    case differs

    /// The result for an attempt that comes after another one with the same key.
    ///
    /// - Parameter answer: The answer to the earlier attempt; `nil` while its result is not known.
    package init(of claim: Claim, after earlier: Claim, _ answer: ClaimedAnswer?) {
        if claim.holder == earlier.holder {
            self = .claimed
        } else if claim.fingerprint != earlier.fingerprint {
            self = .differs
        } else {
            self = answer.map { .completed($0) } ?? .pending
        }
    }
}
