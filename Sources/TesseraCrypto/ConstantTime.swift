import TesseraCOpenSSL

/// The only place where secrets are compared. The time of a comparison does not depend on the number of equal bytes.
public enum ConstantTime {
    /// Reports whether the bytes are equal. Only a different length, which is not a secret, returns early.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }
}
