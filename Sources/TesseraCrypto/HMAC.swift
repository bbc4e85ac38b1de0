import TesseraCOpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
public enum HMACSHA256 {
    /// Returns the authentication code of `message` under `key`, which may have any length.
    public static func code(for message: [UInt8], key: Secret) -> SHA256Digest {
        SHA256Digest { output in
            key.withUnsafeBytes { key in
                let done = HMAC(
                    SHA256.algorithm, key.baseAddress, Int32(key.count), message, message.count, output, nil)
                // Only an allocation inside libcrypto can fail. A code of zeros would be easy to guess.
                precondition(done != nil, "libcrypto cannot compute HMAC-SHA-256")
            }
        }
    }
}
