-- One row a document: the tree of knowledge::Document as JSON, by tenant ('' holds the national
-- corpus, shared by all), audience and id. hash is that of the source file.
create table knowledge_document (
  tenant text not null,
  audience text not null,
  id text not null,
  hash text not null,
  title text not null,
  body text not null,
  primary key (tenant, audience, id)
) strict;
create index knowledge_document_by_id on knowledge_document (tenant, id);
