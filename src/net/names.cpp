#include "net/names.h"
