import TesseraHTML

/// A page for people: a plain model that knows how to say itself in HTML.
///
/// A page is a pure function of its stored properties: its handler has decided everything before.
/// To add a page, write a type beside the others and give it a ``content``.
protocol Page: Markup, Sendable {
    var context: PageContext { get }
    /// The title of the document, without the name of the product.
    var title: String { get }
    /// Which entry of the settings navigation leads here; nil if none does.
    var place: SettingsPlace? { get }
    /// The column beside the main part; nil for the settings navigation.
    var beside: HTML? { get }
    /// The files that this page needs beside those of all pages.
    var assets: [Asset] { get }
    /// The main part, from the `h1` on.
    @HTMLBuilder var content: HTML { get }
}

extension Page {
    var place: SettingsPlace? { nil }
    var beside: HTML? { nil }
    var assets: [Asset] { [] }

    /// The whole document as UTF-8. All of its addresses lead below the path of `site`.
    func render(at site: SitePath = .root) -> [UInt8] {
        Layout(
            context: context, title: title, place: place, beside: beside, assets: assets, content: content
        ).document.document(below: site.text)
    }

    /// The hidden field that proves that a form was filled in on a page of ours.
    var csrfField: HTML {
        input(.type("hidden"), .name("csrf"), .value(context.csrf))
    }
}

/// The entries of the settings navigation, in order: one's own, then those of the operation.
enum SettingsPlace: CaseIterable, Sendable {
    case overview
    case tokens
    case requests
    case sessions
    case password
    case security
    case activity
    case users
    case everybodysActivity
    case refusals
    case status

    /// Indicates that it leads to a page for operators.
    var isOperation: Bool {
        switch self {
        case .overview, .tokens, .requests, .sessions, .password, .security, .activity: false
        case .users, .everybodysActivity, .refusals, .status: true
        }
    }

    var path: String {
        switch self {
        case .overview: "/"
        case .tokens: "/settings/tokens"
        case .requests: "/settings/requests"
        case .sessions: "/settings/sessions"
        case .password: "/settings/password"
        case .security: "/settings/security"
        case .activity: "/settings/activity"
        case .users: "/admin/users"
        case .everybodysActivity: "/admin/activity"
        case .refusals: "/admin/refusals"
        case .status: "/admin/status"
        }
    }

    var name: String {
        switch self {
        case .overview: "Overview"
        case .tokens: "Access tokens"
        case .requests: "Recent requests"
        case .sessions: "Sessions"
        case .password: "Password"
        case .security: "Security"
        case .activity: "Activity"
        case .users: "Users"
        case .everybodysActivity: "Everybody’s activity"
        case .refusals: "Refusals"
        case .status: "Status"
        }
    }
}
