# A data set without a version.
DELETE { :dataset dcat:version ?any } WHERE { :dataset dcat:version ?any }
