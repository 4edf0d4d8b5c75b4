# A licence in words instead of its address.
DELETE { :dataset dcterms:license ?any } INSERT { :dataset dcterms:license "free" } WHERE { :dataset dcterms:license ?any }
