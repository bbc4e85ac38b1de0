import TesseraCrypto

/// A file that pages refer to, embedded in the program.
///
/// The path contains a digest of the content: a browser may keep the file for ever, and a new release has a new
/// path. Route handlers serve ``all`` by path, with `Cache-Control: public, max-age=31536000, immutable`.
struct Asset: Sendable {
    /// Absolute, such as `/assets/tessera-0f3a91c2d4e5.css`.
    let path: String
    let mediaType: String
    let bytes: [UInt8]

    var isScript: Bool { path.hasSuffix(".js") }

    fileprivate init(name: String, extension: String, mediaType: String, bytes: [UInt8]) {
        let digest = SHA256.digest(of: bytes).bytes.prefix(6)
        let version = digest.map { byte in
            String(byte >> 4, radix: 16) + String(byte & 0xF, radix: 16)
        }
        self.path = "/assets/\(name)-\(version.joined()).\(`extension`)"
        self.mediaType = mediaType
        self.bytes = bytes
    }
}

/// The files that pages refer to. Digests are computed once, at first use.
enum Assets {
    static let stylesheet = Asset(
        name: "tessera", extension: "css", mediaType: "text/css; charset=utf-8",
        bytes: PackageResources.tessera_css)

    static let script = Asset(
        name: "tessera", extension: "js", mediaType: "text/javascript; charset=utf-8",
        bytes: PackageResources.tessera_js)

    /// The look of `/docs`, beside that of all pages.
    static let referenceStylesheet = Asset(
        name: "docs", extension: "css", mediaType: "text/css; charset=utf-8",
        bytes: PackageResources.docs_css)

    static let referenceScript = Asset(
        name: "docs", extension: "js", mediaType: "text/javascript; charset=utf-8",
        bytes: PackageResources.docs_js)

    static let favicon = Asset(
        name: "favicon", extension: "svg", mediaType: "image/svg+xml",
        bytes: PackageResources.favicon_svg)

    static let all = [stylesheet, script, referenceStylesheet, referenceScript, favicon]
}
