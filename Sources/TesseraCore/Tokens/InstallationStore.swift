public import TesseraTime

/// Keeps what every installation draws once for itself, and what its tokens begin with.
public protocol InstallationStore: Sendable {
    /// The bytes kept under this name. When there are none, `drawn` is kept and answered; of two callers racing, both get
    /// the same.
    func installationSecret(_ name: String, otherwise drawn: [UInt8]) async throws(StoreError) -> [UInt8]

    /// The prefixes with which personal tokens were drawn, the present one first.
    func tokenPrefixes() async throws(StoreError) -> [TokenPrefix]

    /// Notes that personal tokens are drawn with a prefix. Other processes are told as they are told of a change of the
    /// catalogue.
    ///
    /// - Parameter chosenAt: The instant at which it became the present one, which it then is however clocks differ; `nil` leaves the
    ///   present one as it is.
    func noteTokenPrefix(_ prefix: TokenPrefix, chosenAt: NumericDate?) async throws(StoreError)
}
