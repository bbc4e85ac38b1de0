import TesseraCore
import TesseraCrypto
import TesseraTime

/// A value of a parameter, as the descriptions of tables write it for either database. `nil` is null.
protocol BoundValue {
    static var null: Self { get }
    static func integer(_ integer: Int64) -> Self
    static func integer(_ integer: Int64?) -> Self
    static func integer(_ integer: Int) -> Self
    static func boolean(_ boolean: Bool) -> Self
    static func text(_ text: String) -> Self
    static func text(_ text: String?) -> Self
    static func bytes(_ bytes: [UInt8]) -> Self
    static func instant(_ instant: NumericDate?) -> Self
    static func digest(_ digest: SHA256Digest) -> Self
    static func scope(_ scope: Scope?) -> Self
    /// The metadata; null for none.
    static func metadata(_ metadata: TokenMetadata) -> Self
    static func address(_ address: ClientAddress?) -> Self
    static func identifier<Entity>(_ identifier: Identifier<Entity>) -> Self
    static func identifier<Entity>(_ identifier: Identifier<Entity>?) -> Self
}
