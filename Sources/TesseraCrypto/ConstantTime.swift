import TesseraCOpenSSL

/// The one place where secrets are compared: how long it takes does not tell how much was right.
public enum ConstantTime {
    /// Whether the bytes are the same. Only a difference in length, which is no secret, ends early.
    public static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
    }

    /// Whether the digests are the same.
    public static func areEqual(_ left: SHA256Digest, _ right: SHA256Digest) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }

    /// Whether the secrets are the same. Only a difference in length ends early.
    public static func areEqual(_ left: Secret, _ right: Secret) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                left.count == right.count
                    && CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
            }
        }
    }
}
