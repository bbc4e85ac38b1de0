// TesseraJOSE owns the parts that signed JSON consists of, RFC 7515 to RFC 7519. At present this is the encoding
// (`Base64URL`); JWS, JWK and JWT belong here. It opens no socket or file and reads no clock.
