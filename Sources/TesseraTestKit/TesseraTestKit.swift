// TesseraTestKit: the parts of tests. A fixed clock (`FixedClock`), repeatable random numbers (`SeededRandom`), builders of domain values
// (`Builders`), the contract of every store (`StoreContract`), an authority in process (`TestAuthority`) and its client (`TestClient`).
// It may depend on everything; only tests depend on it, those of Tessera and those of programs that embed it. Begin at `TestAuthority`.
