// Tessera re-exports the modules that a program needs in order to embed the server, so that one `import Tessera` is enough.
// It owns no code. Documentation/integrating.md shows such a program; begin there.

@_exported public import TesseraCore
@_exported public import TesseraCrypto
@_exported public import TesseraHTTP
@_exported public import TesseraHosting
@_exported public import TesseraJSON
@_exported public import TesseraOpenAPI
@_exported public import TesseraServer
@_exported public import TesseraStores
@_exported public import TesseraText
@_exported public import TesseraTime
