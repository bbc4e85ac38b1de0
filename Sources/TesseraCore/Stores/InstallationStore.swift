/// Keeps what every installation draws once for itself.
public protocol InstallationStore: Sendable {
    /// The bytes kept under this name. When there are none, `drawn` is kept and answered; of two callers racing, both get
    /// the same.
    func installationSecret(_ name: String, otherwise drawn: [UInt8]) async throws(StoreError) -> [UInt8]
}
