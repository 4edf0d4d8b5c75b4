# A silence about nothing.
DELETE { :place rdf:subject ?any } WHERE { :place rdf:subject ?any }
