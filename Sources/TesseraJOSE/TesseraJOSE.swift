// TesseraJOSE owns the values that signed JSON is made of, RFC 7515 to RFC 7519: for now the two that stand
// alone, the instant (`NumericDate`) and the encoding (`Base64URL`). It depends on TesseraCrypto for
// signatures and on TesseraJSON for the strict reader. It opens no socket or file and reads no clock.
// Begin with `NumericDate.swift`.
