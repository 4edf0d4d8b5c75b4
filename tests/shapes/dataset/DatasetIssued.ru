# A date of issue that is no date.
DELETE { :dataset dcterms:issued ?any } INSERT { :dataset dcterms:issued "last year" } WHERE { :dataset dcterms:issued ?any }
