# A passage that begins after its end.
DELETE { :passage oa:start ?any } INSERT { :passage oa:start 30 } WHERE { :passage oa:start ?any }
