import TesseraText

/// A browser or program by the name people know it under, read off its `User-Agent`.
///
/// The client chooses that text. It is good enough for a person to recognise a browser of theirs,
/// and never a ground for a decision.
struct DeviceName: Sendable, Hashable {
    /// "Firefox on Linux", "A program: curl/8.5".
    let text: String

    /// - Parameter userAgent: As a session keeps it, without what could be a token.
    init(userAgent: String) {
        // Browsers have all begun with this since 1994.
        guard userAgent.hasPrefix("Mozilla/") else {
            let word = String(userAgent.unicodeScalars.prefix { $0 != " " })
            let product = Self.productLimit.cut(word)
            text =
                product.isEmpty || !VisibleText.isVisible(product)
                ? "A program without a name" : "A program: \(product)"
            return
        }
        let browser = Self.first(of: Self.browsers, in: userAgent) ?? "A browser"
        let system = Self.first(of: Self.systems, in: userAgent)
        text = system.map { "\(browser) on \($0)" } ?? browser
    }

    private static let productLimit = TextLimit(0...60)

    /// Most browsers claim to be others as well, so an imitator stands before the browser that it imitates.
    private static let browsers: [(mark: String, name: String)] = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]

    private static let systems: [(mark: String, name: String)] = [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
        ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Linux", "Linux"), ("FreeBSD", "FreeBSD"),
        ("OpenBSD", "OpenBSD"),
    ]

    private static func first(of names: [(mark: String, name: String)], in userAgent: String) -> String? {
        names.first { userAgent.contains($0.mark) }?.name
    }
}
