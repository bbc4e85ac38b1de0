import TesseraCore

/// A group of tokens that the list can show alone. The raw value is that of `?show=`.
enum TokenSelection: String, Sendable, CaseIterable {
    case active
    case disabled
    case expiring
    case unused
    case exceeding

    /// Those that are worth a look.
    static let concerns: [TokenSelection] = [.expiring, .unused, .exceeding]

    /// The address of the list.
    var path: String { "/settings/tokens?show=\(rawValue)" }

    /// Such as "2 tokens are about to expire".
    func sentence(about count: Int) -> String {
        switch self {
        case .active: count == 1 ? "1 token can be used" : "\(count) tokens can be used"
        case .disabled: count == 1 ? "1 token is disabled" : "\(count) tokens are disabled"
        case .expiring: count == 1 ? "1 token is about to expire" : "\(count) tokens are about to expire"
        case .unused:
            count == 1
                ? "1 token has not been used for a long time"
                : "\(count) tokens have not been used for a long time"
        case .exceeding:
            count == 1
                ? "1 token outlives what the policy allows now"
                : "\(count) tokens outlive what the policy allows now"
        }
    }

    /// The group that is shown.
    var group: TokenGroup {
        switch self {
        case .active: .active
        case .disabled: .disabled
        case .expiring: .expiring
        case .unused: .unused
        case .exceeding: .exceeding
        }
    }
}
