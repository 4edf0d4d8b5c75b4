# Evidence in a passage that is not described.
DELETE { :cited prov:wasDerivedFrom ?any } INSERT { :cited prov:wasDerivedFrom :nowhere } WHERE { :cited prov:wasDerivedFrom ?any }
